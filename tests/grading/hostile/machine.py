"""What reaches for the machine: it stays untouched, and so do all other submissions."""

from hostile.case import attack

KILL = "would end processes of others on this machine"
ITEM_FORK = "fork bomb (no process left)"
NET = "network"
WRITE = "links and paths out of the folder"


attack(
    "fork-bomb",
    ITEM_FORK,
    "Doubles its processes seven times; all stay for half a minute, each in a session of its own.",
    """
    import ctypes, os, time

    def sigmoid(z):
        me = os.getpid()
        for _ in range(7):
            try:
                os.fork()
            except OSError:
                time.sleep(0.1)
        if os.getpid() != me:
            try:
                os.setsid()
            except OSError:
                pass
            ctypes.CDLL(None).prctl(15, b"$MARK")
            time.sleep(30)
            os._exit(0)
        return z * 0 + 0.5
    """,
)
attack(
    "left-behind",
    ITEM_FORK,
    "Starts a program, detached twice, that outlives everything for a minute.",
    """
    import subprocess, sys
    code = "import os, time\\nif os.fork(): os._exit(0)\\nos.setsid()\\ntime.sleep(60)"
    subprocess.Popen([sys.executable, "-c", code, "$MARK"], start_new_session=True,
                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def sigmoid(z):
        return z * 0 + 0.5
    """,
    flags=("processes",),
)
attack(
    "many-threads",
    ITEM_FORK,
    "Starts 2,000 threads that sleep for half a minute.",
    """
    import threading, time

    def sigmoid(z):
        for _ in range(2000):
            threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        return z * 0 + 0.5
    """,
)
for _who, _pid in (("everyone", "-1"), ("first", "1"), ("parent", "os.getppid()"), ("group", "0")):
    attack(
        f"kills-{_who}",
        ITEM_FORK,
        f"Sends SIGKILL to process {_pid}.",
        f"import os\n\ndef sigmoid(z):\n    os.kill({_pid}, 9)\n    return z * 0 + 0.5",
        plain=KILL,
    )
attack(
    "network",
    NET,
    "Connects to a server by its number and sends what it knows.",
    """
    import socket

    def sigmoid(z):
        for host in ("127.0.0.1", "localhost", "0.0.0.0"):
            try:
                with socket.create_connection((host, $PORT), timeout=2) as s:
                    s.sendall(b"$MARK")
            except OSError:
                pass
        return z * 0 + 0.5
    """,
    flags=("network",),
)
attack(
    "unix-socket",
    NET,
    "Connects to a server on this machine by sockets without a network.",
    """
    import socket

    def sigmoid(z):
        for name in ("$SOCKET", "\\0$ABSTRACT"):
            try:
                with socket.socket(socket.AF_UNIX) as s:
                    s.connect(name)
                    s.sendall(b"$MARK")
            except OSError:
                pass
        return z * 0 + 0.5
    """,
    flags=("network",),
)
attack(
    "network-by-program",
    NET,
    "Lets another program do the talking.",
    """
    import subprocess, sys

    def sigmoid(z):
        code = "import urllib.request as u; u.urlopen('http://127.0.0.1:$PORT/$MARK', timeout=2)"
        subprocess.run([sys.executable, "-c", code], capture_output=True)
        return z * 0 + 0.5
    """,
    flags=("processes",),
)
attack(
    "writes-outside",
    WRITE,
    "Writes files wherever it can and over one of the instructor's.",
    """
    import os
    places = ["$OUTSIDE", "$ROOT", "$ROOT/dgm", "$ROOT/submitted", "/tmp", "/var/tmp", "/dev/shm",
              os.path.expanduser("~"), "..", "../..", "../../.."]

    def sigmoid(z):
        for place in places:
            try:
                open(f"{place}/out-$MARK", "w").close()
            except OSError:
                pass
        try:
            open("$OUTSIDE/canary.txt", "w").write("dead")
        except OSError:
            pass
        return z * 0 + 0.5
    """,
)
attack(
    "writes-package",
    WRITE,
    "Writes into the installed package, Python's site and the solutions, for whoever comes next.",
    """
    import glob

    def sigmoid(z):
        for file in ["$ROOT/dgm/logistic.py", *glob.glob("$ROOT/$SOLUTIONS/*/*.ipynb")]:
            try:
                with open(file, "a") as f:
                    f.write("# $MARK")
            except OSError:
                pass
        return z * 0 + 0.5
    """,
)
attack(
    "gradebook",
    "writing the gradebook",
    "Gives itself full marks in the gradebook, and adds a student.",
    """
    import glob, os, sqlite3

    def sigmoid(z):
        for top in ("$ROOT", *("../" * k or "." for k in range(5)), *glob.glob("/proc/*/cwd")):
            if os.path.exists(f"{top}/gradebook.db"):
                book = sqlite3.connect(f"{top}/gradebook.db", timeout=5)
                book.execute("update grade set manual_score = 99, needs_manual_grade = 0")
                book.execute("insert or ignore into student (id) values ('forged-$MARK')")
                book.commit()
        return z * 0 + 0.5
    """,
    flags=("files",),
)
attack(
    "other-submissions",
    "reading other submissions",
    "Looks for another student's answer, executes it, and spoils what they handed in.",
    """
    import glob, json, os

    tops = ["$ROOT", "../../..", *glob.glob("/proc/*/cwd")]
    for top in tops:
        for file in glob.glob(f"{top}/submitted/*/*/*.ipynb"):
            if os.path.getsize(file) < 10**6 and "zed" in file:
                book = json.load(open(file))
                for c in book["cells"]:
                    text = "".join(c["source"])
                    if text.startswith("def sigmoid"):
                        exec(text)
                open("$OUTSIDE/read-$MARK", "w").write(str(book))
                open(file, "a").write(" ")
    sigmoid
    """,
    flags=("files",),
)
attack(
    "trap-for-the-next",
    "reading other submissions",
    "Leaves a patched module in every place from which the next student's code might take it.",
    """
    import os, site, sys

    def sigmoid(z):
        places = [*sys.path, site.getusersitepackages(), "$ROOT", "/tmp"]
        for place in places:
            try:
                open(f"{place}/trap_$MARK.pth", "w").write("import os")
            except OSError:
                pass
        return z * 0 + 0.5
    """,
    plain="would write into the Python that runs it",
)
attack(
    "privileges",
    WRITE,
    "Tries to become root, to mount and to make namespaces.",
    """
    import ctypes, os

    def sigmoid(z):
        libc = ctypes.CDLL(None)
        for attempt in (lambda: os.setuid(0), lambda: libc.unshare(0x10000000),
                        lambda: libc.mount(b"none", b"/mnt", b"tmpfs", 0, None),
                        lambda: os.chroot("/"), lambda: os.mknod("/tmp/dev-$MARK", 0o60666, 0x800)):
            try:
                attempt()
            except OSError:
                pass
        if libc.mount(b"none", b"/mnt", b"tmpfs", 0, None) == 0 or os.path.exists("/tmp/dev-$MARK"):
            open("$OUTSIDE/root-$MARK", "w").close()
        return z * 0 + 0.5
    """,
    plain="would mount over this machine's folders",
)
