"""What a guest may not do, tried in the sandbox: as root grades, and as an ordinary user does."""

import ctypes
import errno
import json
import os
import platform
import socket
import struct
import sys
from pathlib import Path

import hostile
import nbformat
import pytest

from course.grading.records import Record
from course.grading.sandbox import confine, refused
from course.grading.sandbox.wall import sandbox_problem
from course.paths import ROOT
from course.release import make_exercises
from tests.courses import copy_course
from tests.grading.users import home, run

pytestmark = pytest.mark.xdist_group("wall")  # one worker, a fixture for each kind of user
needs_sandbox = pytest.mark.skipif(bool(sandbox_problem()), reason=sandbox_problem())
PROBE = Path(__file__).with_name("probe.py")

CALLS = """
import ctypes, errno, json
libc, said = ctypes.CDLL(None, use_errno=True), {}
for name, number in NUMBERS.items():
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 6)
    said[name] = errno.errorcode[ctypes.get_errno()] if result == -1 else "done"
print(json.dumps(said))
"""
SOME = """
import ctypes, errno, json, mmap, os, socket
libc = ctypes.CDLL(None, use_errno=True)
said = {"sockets": [], "clone": {}}
for name, flag in NAMESPACES.items():
    pid = libc.syscall(ctypes.c_long(CLONE), ctypes.c_long(flag | 17), *[ctypes.c_long(0)] * 4)
    if pid == 0:
        os._exit(0)
    said["clone"][name] = errno.errorcode[ctypes.get_errno()] if pid == -1 else "done"
for family in range(50):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            socket.socket(family, kind).close()
            said["sockets"].append(family)
        except OSError:
            pass
def attempt(what):
    try:
        return what() and "done"
    except (OSError, ValueError) as problem:
        return type(problem).__name__
said["private"] = attempt(lambda: mmap.mmap(-1, 2**20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
said["shared"] = attempt(lambda: mmap.mmap(-1, 2**20))
said["zero"] = attempt(lambda: mmap.mmap(os.open("/dev/zero", os.O_RDWR), 2**20))
print(json.dumps(said))
"""
STATE = """
import json, os
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
said = {k: v.strip() for k, v in status.items() if k.startswith("Cap") or k in ("NoNewPrivs", "Seccomp")}
said |= {"user": os.getuid(), "namespace": os.readlink("/proc/self/ns/user"), "groups": os.getgroups(),
         "guilt": open("/proc/self/oom_score_adj").read().strip()}
own = ("/tmp", "/home/student", "/dev/shm", "/proc")
said["writable"] = [p for p, _, _ in os.walk("/") if os.access(p, os.W_OK) and not p.startswith(own)]
for place in own[:3]:
    for count in range(30_000):
        try:
            open(f"{place}/{count}", "w").close()
        except OSError:
            break
    said["files " + place] = count
print(json.dumps(said))
"""
X86_64_ALONE = {"modify_ldt", "iopl", "ioperm"}


def numbers() -> dict[str, int]:
    import pyseccomp as seccomp

    found = {n: seccomp.resolve_syscall(seccomp.Arch.NATIVE, n) for n in refused.calls()}
    return {n: number for n, number in found.items() if number >= 0}


@pytest.fixture(scope="module", params=["as it is", "as an ordinary user"])
def ordinary(request) -> bool:
    if request.param != "as it is" and os.getuid():
        pytest.skip("the tests are run by an ordinary user: `as it is` is this")
    return request.param != "as it is"


def probe(kind: str, sources: list[str], ordinary: bool) -> list[dict]:
    with home() as place:
        ran = run([sys.executable, str(PROBE), kind, json.dumps(sources)], place, ordinary)
    assert ran.returncode == 0, ran.stderr
    return [json.loads(text) for text in json.loads(ran.stdout)]


@pytest.fixture(scope="module")
def said(ordinary) -> list[dict]:
    """What guests have found out: of all calls, of some arguments, of themselves, and once more."""
    clone = 56 if platform.machine() == "x86_64" else 220
    calls = f"NUMBERS = {numbers()}\n{CALLS}"
    some = f"NAMESPACES, CLONE = {refused.NAMESPACES}, {clone}\n{SOME}"
    return probe("guests", [calls, some, STATE, STATE], ordinary)


@needs_sandbox
def test_each_call_in_the_table_is_refused(said):
    assert len(said[0]) >= len(refused.calls()) - len(X86_64_ALONE)
    assert {name: how for name, how in said[0].items() if how != "ENOSYS"} == {}


@needs_sandbox
def test_some_calls_are_refused_with_some_arguments(said):
    assert set(said[1]["clone"].values()) == {"EPERM"}
    assert set(said[1]["sockets"]) <= {1, 2, 10}
    assert 1 in said[1]["sockets"]
    assert said[1]["private"] == "done"
    assert said[1]["shared"] == "PermissionError"
    assert said[1]["zero"] in ("OSError", "PermissionError")


@needs_sandbox
def test_a_guest_has_no_rights_and_is_nobody_else(said):
    for state in said[2:]:
        assert {v for k, v in state.items() if k.startswith("Cap")} == {"0" * 16}
        assert (state["NoNewPrivs"], state["Seccomp"], state["guilt"]) == ("1", "2", "1000")
        assert state["user"] not in (0, os.getuid())
        assert state["writable"] == []
    first, second = said[2:]
    assert (first["user"], first["namespace"]) != (second["user"], second["namespace"])


@needs_sandbox
def test_files_are_counted(said):
    for place in ("/tmp", "/home/student", "/dev/shm"):
        assert 5000 < said[2][f"files {place}"] < 10_000


LOOK = """
import json, os, pathlib, socket
root = %r
def attempt(what):
    try:
        return what() and "done"
    except (OSError, MemoryError) as problem:
        return type(problem).__name__
own = ("/tmp", "/dev/shm", "/proc")
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
raise AssertionError(json.dumps({
    **{k: v.strip() for k, v in status.items() if k.startswith("Cap") or k in ("NoNewPrivs", "Seccomp")},
    "user": os.getuid(),
    "groups": os.getgroups(),
    "guilt": open("/proc/self/oom_score_adj").read().strip(),
    "course": sorted(os.listdir(root)),
    "processes": [p for p in os.listdir("/proc") if p.isdigit()],
    "files": [p for p in (%r, %r, "/etc/passwd") if os.path.exists(p)],
    "secrets": [v for v in os.environ.values() if "hidden" in v],
    "network": attempt(lambda: socket.create_connection(("127.0.0.1", %d), 2)),
    "unshare": attempt(lambda: os.memfd_create("x")),
    "memory": attempt(lambda: bytearray(5 << 30)),
    "writable": [p for p, _, _ in os.walk("/") if os.access(p, os.W_OK) and not p.startswith(own)],
    "note": attempt(lambda: pathlib.Path("/tmp/note").write_text("x")),
}))
"""


@needs_sandbox
def test_a_wall_round_the_judge(ordinary):
    """What a check finds: it runs in the judge, as would code that gets the better of the judge."""
    with socket.create_server(("127.0.0.1", 0)) as server, home() as elsewhere:
        look = LOOK % (str(ROOT), str(elsewhere), __file__, server.getsockname()[1])
        (found,) = probe("judge", [look], ordinary)
    assert {v for k, v in found.items() if k.startswith("Cap")} == {"0" * 16}
    assert (found["NoNewPrivs"], found["Seccomp"], found["guilt"]) == ("1", "2", "500")
    assert found["user"] not in (0, os.getuid())
    assert set(found["course"]) <= {"course", "dgm", ".venv"}
    assert found["processes"] == ["1"]
    assert [found[k] for k in ("groups", "secrets", "files", "writable")] == [[], [], [], []]
    assert found["network"] == "ConnectionRefusedError"
    assert (found["unshare"], found["memory"], found["note"]) == ("OSError", "MemoryError", "done")


@needs_sandbox
def test_an_ordinary_user_grades():
    """The whole way, `nbgrader autograde`, with one right and two hostile submissions."""
    name = hostile.NAME
    with home() as place:
        copy_course(place)
        make_exercises([name], place)
        released = nbformat.read(place / "exercises" / name / f"{name}.ipynb", as_version=4)
        world = hostile.World(place, place / "outside", released)
        hostile.Case("ada", "", "").hand_in(place / "submitted" / "ada", world)
        hostile.CASES["memory-memfds"].hand_in(place / "submitted" / "eve", world)
        hostile.CASES["fork-bomb"].hand_in(place / "submitted" / "fay", world)
        world.listener.close()
        ran = run([sys.executable, "-m", "nbgrader", "autograde", name], place, ordinary=True)
        assert ran.returncode == 0, ran.stderr
        assert "without a wall of its own" not in ran.stderr
        marks = {}
        for path in place.glob(f"autograded/*/{name}/{name}.ipynb"):
            record = Record.from_dict(nbformat.read(path, as_version=4).metadata["dgm"])
            marks[path.parts[-3]] = {k for k, c in record.checks.items() if c.state != "passed"}
    assert marks == {"ada": set(), "eve": set(), "fay": {"sigmoid-check", "sigmoid-hidden"}}


def test_the_table_has_what_was_asked_for():
    wanted = """unshare mount keyctl add_key request_key io_uring_setup io_uring_enter
    io_uring_register ptrace bpf userfaultfd setns pivot_root memfd_create process_vm_readv
    perf_event_open kexec_load open_by_handle_at clone3 umount2 shmget"""
    assert set(wanted.split()) <= set(refused.calls())
    assert refused.problem() == ""


ARM = {  # from the kernel's include/uapi/asm-generic/unistd.h
    "unshare": 97, "setns": 268, "mount": 40, "umount2": 39, "pivot_root": 41, "keyctl": 219,
    "add_key": 217, "request_key": 218, "ptrace": 117, "bpf": 280, "userfaultfd": 282,
    "memfd_create": 279, "process_vm_readv": 270, "perf_event_open": 241, "kexec_load": 104,
    "open_by_handle_at": 265, "io_uring_setup": 425, "clone3": 435, "shmget": 194,
}  # fmt: skip
X86 = {
    "unshare": 272, "setns": 308, "mount": 165, "umount2": 166, "pivot_root": 155, "keyctl": 250,
    "add_key": 248, "request_key": 249, "ptrace": 101, "bpf": 321, "userfaultfd": 323,
    "memfd_create": 319, "process_vm_readv": 310, "perf_event_open": 298, "kexec_load": 246,
    "open_by_handle_at": 304, "io_uring_setup": 425, "clone3": 435, "shmget": 29,
}  # fmt: skip
KINDS = {
    "X86_64": (0xC000003E, X86, {"clone": 56, "mmap": 9, "socket": 41, "read": 0, "getpid": 39}),
    "AARCH64": (0xC00000B7, ARM, {"clone": 220, "mmap": 222, "socket": 198, "read": 63, "getpid": 172}),
}  # fmt: skip
ALLOW, ERRNO = 0x7FFF0000, 0x00050000


@pytest.mark.parametrize("machine", KINDS)
def test_the_filter_of_each_machine(machine):
    """The filter's lines, run here as the kernel of that machine would run them."""
    lines = refused.program(machine)
    kind, numbers, other = KINDS[machine]

    def ask(number, *arguments, kind=kind):
        return answer(lines, number, kind, arguments)

    for name, number in numbers.items():
        assert ask(number) == ERRNO | errno.ENOSYS, name
    assert ask(other["read"]) == ask(other["getpid"]) == ALLOW
    assert ask(other["clone"], 17) == ask(other["clone"], 0x3D0F00) == ALLOW  # a fork, a thread
    assert ask(other["clone"], 0x10000000 | 17) == ERRNO | errno.EPERM
    assert ask(other["mmap"], 0, 4096, 3, 0x22) == ask(other["mmap"], 0, 4096, 3, 0x01) == ALLOW
    assert ask(other["mmap"], 0, 4096, 3, 0x21) == ERRNO | errno.EPERM
    assert [ask(other["socket"], family) == ALLOW for family in (1, 2, 10)] == [True] * 3
    refused_families = {ask(other["socket"], f) for f in (0, 3, 9, 11, 16, 17, 38, 40, 2**33)}
    assert refused_families == {ERRNO | errno.EAFNOSUPPORT}
    assert ask(other["getpid"], kind=0x40000003) == ERRNO | errno.ENOSYS  # i386
    assert ask(other["getpid"], kind=0x40000028) == ERRNO | errno.ENOSYS  # 32-bit Arm
    if machine == "X86_64":
        assert ask(0x40000000 | 39) == ERRNO | errno.ENOSYS  # x32


def answer(lines: bytes, number: int, kind: int, arguments: tuple[int, ...]) -> int:
    """What a seccomp filter says of a system call."""
    asked = struct.pack("<iIQ6Q", number, kind, 0, *(*arguments, *[0] * 6)[:6])
    at, value, tests = (
        0,
        0,
        {0x10: int.__eq__, 0x20: int.__gt__, 0x30: int.__ge__, 0x40: int.__and__},
    )
    while True:
        code, true, false, k = struct.unpack_from("<HBBI", lines, 8 * at)
        at += 1
        match code & 0x07:
            case 0x00:  # load a word
                (value,) = struct.unpack_from("<I", asked, k)
            case 0x04 if code & 0xF0 == 0x50:
                value &= k
            case 0x05 if code & 0xF0 == 0:
                at += k
            case 0x05:
                at += true if tests[code & 0xF0](value, k) else false
            case 0x06:
                return k
            case _:
                raise AssertionError(f"a line of a kind that is not known: {code:#x}")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="its numbers are those of x86-64")
def test_a_session_keyring_of_its_own():
    libc = ctypes.CDLL(None, use_errno=True)

    def keyring():
        return libc.syscall(250, 0, ctypes.c_int(-3), 1)  # its number, made if there is none

    if keyring() < 0:
        pytest.skip(f"this kernel keeps no keys: {os.strerror(ctypes.get_errno())}")
    read, write = os.pipe()
    if os.fork() == 0:
        confine._own_keyring()
        os.write(write, str(keyring()).encode())
        os._exit(0)
    os.wait()
    assert int(os.read(read, 20)) not in (-1, keyring())
