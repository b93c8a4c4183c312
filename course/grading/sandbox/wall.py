"""The wall itself: bubblewrap, and what of the disk is there behind it.

No network, and of the disk only Python, the system's programs and data, and one folder of the
course's, all read-only.
"""

import functools
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from course.grading.sandbox import confine, refused
from course.paths import ROOT, CourseError

BEHIND = "DGM_BEHIND"  # says to a process which wall is round it
COURSE = "/course"  # where the student edition lies in the sandbox
WANTED = (0x70000000, 0x10000000)  # numbers of users that no system gives out
FEWER = (20_000, 40_000)
# A shared mapping of /dev/zero is memory that no limit counts.
NO_ZERO = ["--dev-bind", "/dev/null", "/dev/zero"]
REFUSED = """\
there is no sandbox for the students' code here: {problem}
What would help: {advice}
Or, where every submission can be trusted with this machine and the gradebook: --unsafe
(NbGrader: `nbgrader autograde {{ASSIGNMENT}} --GuardedAutograde.unsafe=True`)."""


@functools.cache
def sandbox_problem() -> str:
    """Why bubblewrap cannot run here, or the empty text."""
    if sys.platform != "linux":
        return f"bubblewrap needs Linux, this is {sys.platform}"
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed"
    inside = ["unshare", "--mount", "--ipc", "--pid", "--fork"]  # as for each submission
    tried = subprocess.run([*wall(), "--ro-bind", "/usr", "/usr", *_links(), "--proc", "/proc",
                            *inside, "true"], capture_output=True, text=True, encoding="utf-8")  # fmt: skip
    return "" if tried.returncode == 0 else f"bubblewrap says: {tried.stderr.strip()}"


def check_sandbox(unsafe: bool) -> None:
    """Raise `CourseError`, with what to do, where submissions cannot be run safely."""
    if not unsafe and (problem := sandbox_problem()):
        advice = {
            "linux": "`apt install bubblewrap`; in a container, one that allows user namespaces "
            "(docker: --security-opt seccomp=unconfined --security-opt apparmor=unconfined)",
        }.get(sys.platform, "a Linux machine, or a virtual one")
        raise CourseError(REFUSED.format(problem=problem, advice=advice))


def mounts(folder: Path) -> list[str]:
    """What of the disk is there behind the wall: `folder` as COURSE, Python, the system's files."""
    read_only = ["/usr", sys.base_prefix]
    places = list(dict.fromkeys(os.path.realpath(p) for p in read_only))
    found = ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/dev/shm", "--tmpfs", "/tmp"]
    found += _shown(places, "/home/student/x", "/packages/x")
    for here, there in packages().items():  # not where they lie: that may be below /tmp
        found += ["--ro-bind", there, here]
    found += ["--ro-bind", str(folder), COURSE]
    found += NO_ZERO
    return [*found, *(word for p in ("/dev/pts", "/dev", "/") for word in ("--remount-ro", p))]


def wall() -> list[str]:
    """The wall itself: all namespaces, no way back, and dead when its starter is.

    Root needs no user namespace, and without one the guest can become another user altogether.
    """
    kinds = [
        "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"
    ] if users() else ["--unshare-all"]  # fmt: skip
    # The capabilities are the zygote's, to make the inner namespaces; the guest drops them.
    return ["bwrap", *kinds, "--die-with-parent", "--new-session", "--cap-add", "ALL"]


@functools.cache
def users() -> list[int]:
    """The first and the count of numbers of users that are nobody's; none where we are not root."""
    if os.getuid() or sys.platform != "linux":
        return []
    for first, count in (WANTED, FEWER):  # in a container root may have but some of all numbers
        for line in Path("/proc/self/uid_map").read_text(encoding="utf-8").splitlines():
            inside, _, many = map(int, line.split())
            if inside <= first and first + count <= inside + many:
                return [first, count]
    return []


def round_the_judge() -> list[str]:
    """What stands before the command of a process that judges: no network, and of the disk only
    Python, the system's files, `course` and `dgm`, all read-only. Guests are started from in there.
    """
    places = {"/usr", sys.base_prefix, sys.prefix, *libraries(), f"{ROOT}/course", f"{ROOT}/dgm"}
    places |= set(map(os.path.realpath, places))
    # Not --dev: for its terminals bubblewrap makes a second user namespace, and from in there one
    # that forks into new namespaces of processes cannot come back.
    found = [
        *wall(),
        "--proc",
        "/proc",
        "--tmpfs",
        "/dev",
        "--tmpfs",
        "/dev/shm",
        "--tmpfs",
        "/tmp",
    ]
    for name in ("null", "full", "random", "urandom", "tty"):
        found += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    found += [*NO_ZERO, *_shown(sorted(places))]
    return [*found, "--remount-ro", "/dev", "--remount-ro", "/"]


def environment_of_the_judge() -> dict[str, str]:
    """All of the environment that it sees."""
    path = os.pathsep.join(dict.fromkeys([str(ROOT), *libraries()]))
    return environment() | {"HOME": "/tmp", "PYTHONPATH": path, BEHIND: "judge"}


def behind() -> bool:
    """Whether this process is one that was started with `round_the_judge`."""
    return os.environ.get(BEHIND) == "judge"


@functools.cache
def no_wall_round_the_judge() -> str:
    """Why there can be none here, or the empty text: it must let another be made inside."""
    look = f"from {__name__} import *; sys.exit(within({bool(refused.program())}))"
    tried = subprocess.run([*round_the_judge(), sys.executable, "-c", look], text=True,
                           env=environment_of_the_judge(), capture_output=True, encoding="utf-8")  # fmt: skip
    return tried.stderr.strip()[-500:] if tried.returncode else ""


def within(filtered: bool) -> str | None:
    """Why no guest can be walled in from in here, as `filtered` as it would be outside."""
    confine.leave_capabilities_here()  # bubblewrap wants to have none, or to be root's
    with confine.namespace_for_a_fork():
        pass
    return sandbox_problem() or (refused.problem() if filtered else None) or None


def _shown(places: list[str], *more: str) -> list[str]:
    """Of the disk `places`, the system's links and settings, and the folders above these and `more`."""
    found = []
    for above in _parents([*places, *more, "/etc/x"]):
        found += ["--perms", "0755", "--dir", above]  # else for root alone
    for file in ("/etc/ld.so.cache", "/etc/fonts"):
        found += ["--ro-bind-try", file, file]
    found += _links()
    for place in places:
        found += ["--ro-bind", place, place]
    return found


def _links() -> list[str]:
    """/lib and the like, as they are here."""
    found = []
    for name in ("bin", "lib", "lib64", "sbin"):
        place = Path("/", name)
        if place.is_symlink():
            found += ["--symlink", os.readlink(place), str(place)]
        elif place.is_dir():
            found += ["--ro-bind", str(place), str(place)]
    return found


def _parents(places: list[str]) -> list[str]:
    """The folders above `places`, from the root downward."""
    above = {str(p) for place in places for p in Path(place).parents}
    return sorted(above - {"/"})


def python() -> str:
    """The interpreter that a virtual environment was made from."""
    return os.path.realpath(sys.executable)


def libraries() -> list[str]:
    paths = sysconfig.get_paths()
    return list(dict.fromkeys([paths["purelib"], paths["platlib"]]))


def packages() -> dict[str, str]:
    """Where the libraries lie in the sandbox, and where they lie here."""
    found = dict.fromkeys(os.path.realpath(p) for p in libraries())
    return {f"/packages/{number}": place for number, place in enumerate(found)}


def environment() -> dict[str, str]:
    """All of the environment that a guest sees."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/home/student",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "IPYTHONDIR": "/tmp/ipython",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
