"""Code that dies, hangs or eats the machine: that answer is lost and no other."""

from hostile.case import attack

HALF = "\ndef sigmoid(z):\n    return z * 0 + 0.5\n"  # what a lost answer gives, where it gives


def call(id: str, item: str, says: str, body: str, **more) -> None:
    """Add an attack that strikes when the answer is called."""
    lines = "".join(f"\n        {line}" for line in body.strip().splitlines())
    attack(id, item, says, f"    def sigmoid(z):{lines}\n        return z * 0 + 0.5", **more)


attack(
    "syntax-error",
    "syntax error",
    "An answer that Python cannot read.",
    "def sigmoid(z:\n    return z",
    message="(?i)syntax|bracket|never closed",
)
attack(
    "not-done",
    "syntax error",
    "An answer that was left as it came.",
    "def sigmoid(z):\n    raise NotImplementedError  # YOUR CODE HERE",
)
call(
    "os-exit", "`os._exit`", "Ends the process when called.", "import os; os._exit(0)", message="."
)
attack("os-exit-at-once", "`os._exit`", "Ends the process when defined.", "import os\nos._exit(3)" + HALF, message=".")  # fmt: skip
call("sys-exit", "`sys.exit`", "Leaves Python when called.", "import sys; sys.exit(0)", message=".")
attack("sys-exit-at-once", "`sys.exit`", "Leaves Python when defined.", "import sys\nsys.exit()" + HALF)  # fmt: skip
call(
    "endless", "infinite loop", "Never returns.", "while True: pass", message="(?i)second|time|long"
)
attack("endless-at-once", "infinite loop", "The cell never ends.", "while True:\n    pass" + HALF, message="(?i)second|time|long")  # fmt: skip
call("sleeps", "infinite loop", "Sleeps for an hour.", "import time; time.sleep(3600)", message="(?i)second|time|long")  # fmt: skip
call(
    "stops-itself",
    "infinite loop",
    "Stops its own process with SIGSTOP.",
    "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
)
call(
    "waits-for-input",
    "infinite loop",
    "Asks for input that nobody gives.",
    "import sys; input('your name? '); sys.stdin.read()",
)
call(
    "swallows-interrupts",
    "a loop that swallows interrupts",
    "Catches every exception in an endless loop.",
    """
import time
while True:
    try:
        while True: time.sleep(0.01)
    except BaseException:
        continue""",
    message="(?i)second|time|long",
)
attack(
    "ignores-signals",
    "a loop that swallows interrupts",
    "Ignores every signal that can be ignored, then never returns.",
    """
    import signal
    for s in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(s, signal.SIG_IGN)

    def sigmoid(z):
        while True:
            pass
    """,
)
call(
    "memory-tensors",
    "memory bomb",
    "Fills 6 GB with tensors.",
    "kept = []\nfor _ in range(48): kept.append(torch.ones(2**24, dtype=torch.float64))",
    message="(?i)memory|longer than",
)
call(
    "memory-lists",
    "memory bomb",
    "Fills up to 4 GB with numbers in lists.",
    "kept = []\nfor k in range(100): kept.append([float(k + i) for i in range(1_000_000)])",
    message="(?i)memory|longer than",
)
call(
    "memory-children",
    "memory bomb",
    "Four children fill 1.5 GB each.",
    """
import ctypes, os, time
for _ in range(4):
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(15, b"$MARK")
        kept = [bytearray(b"x" * 2**27) for _ in range(12)]
        time.sleep(5)
        os._exit(0)
os.wait()""",
)
attack(
    "kill-by-thread",
    "a kill set off later",
    "A thread kills the process half a second later.",
    "import os, signal, threading\n"
    "threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGKILL)).start()\n" + HALF,
)
attack(
    "kill-by-alarm",
    "a kill set off later",
    "An alarm ends the process a second later.",
    "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_DFL)\nsignal.alarm(1)\n" + HALF,
)
attack(
    "kill-by-child",
    "a kill set off later",
    "A child in a session of its own kills its parent half a second later.",
    """
    import os, signal, time
    parent = os.getpid()
    if os.fork() == 0:
        os.setsid()
        time.sleep(0.5)
        os.kill(parent, signal.SIGKILL)
        os._exit(0)

    def sigmoid(z):
        return z * 0 + 0.5
    """,
)
attack(
    "exit-at-next-call",
    "a kill set off later",
    "A trace function ends the process at the third call of anything called gradient.",
    """
    import os, sys
    calls = []

    def watch(frame, event, arg):
        if frame.f_code.co_name == "gradient":
            calls.append(1)
            if len(calls) == 3:
                os._exit(0)

    sys.setprofile(watch)

    def sigmoid(z):
        return z * 0 + 0.5
    """,
)
attack(
    "hangs-at-exit",
    "a kill set off later",
    "A handler keeps the process from ending.",
    "import atexit, time\natexit.register(time.sleep, 3600)\n" + HALF,
)
attack(
    "disk-filled",
    "disk filled",
    "Writes up to 2 GB into its folder, /tmp and home.",
    """
    import os

    def sigmoid(z):
        for place in (".", "/tmp", os.path.expanduser("~"), "/dev/shm"):
            try:
                with open(f"{place}/fill-$MARK", "wb") as file:
                    for _ in range(500):
                        file.write(b"0" * 2**20)
            except OSError:
                pass
        return z * 0 + 0.5
    """,
)
attack(
    "many-files",
    "disk filled",
    "Makes 20,000 files.",
    """
    import os
    for place in (".", "/tmp"):
        try:
            os.mkdir(f"{place}/many-$MARK")
            for k in range(10_000):
                open(f"{place}/many-$MARK/{k}", "w").close()
        except OSError:
            pass

    def sigmoid(z):
        return z * 0 + 0.5
    """,
)
call(
    "segfault",
    "segmentation fault",
    "Reads address 0.",
    "import ctypes; ctypes.string_at(0)",
    message=".",
)
call(
    "deep-recursion",
    "segmentation fault",
    "Calls itself until the stack is used up.",
    """
import sys, threading
sys.setrecursionlimit(10**9)
def deeper(n): return [sorted([n], key=deeper)]
return deeper(0)""",
)
call("gpu", "GPU asked for where none is", "Moves its input to a GPU.", "z = z.to('cuda:99')", message="(?i)gpu|cuda")  # fmt: skip
call("closes-everything", "`os._exit`", "Closes every open file and socket.", "import os; os.closerange(0, 4096)")  # fmt: skip
call("raises-base", "`sys.exit`", "Raises an exception that is no Exception.", "raise BaseException('gone')")  # fmt: skip
call(
    "error-that-hangs",
    "infinite loop",
    "Raises an error whose text takes for ever to make.",
    """
class Slow(Exception):
    def __str__(self):
        while True: pass
    __repr__ = __str__
raise Slow()""",
)
