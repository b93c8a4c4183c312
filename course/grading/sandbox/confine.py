"""What a process gives up for good before it runs or reads what a stranger wrote.

The guest and the judge do so, each with settings of its own. This file lies behind the wall, too,
and needs nothing but Python.
"""

import contextlib
import ctypes
import errno
import itertools
import os
import resource
import signal
from collections.abc import Iterator, Sequence
from typing import Any

NEWNS, NEWIPC, NEWUSER, NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
PDEATHSIG, BOUNDING_READ, BOUNDING_DROP, NO_NEW_PRIVILEGES = 1, 23, 24, 38  # of prctl
AMBIENT, CLEAR = 47, 4
SECCOMP, FILTER = 22, 2
KEYCTL, JOIN = {"x86_64": 250, "aarch64": 219}, 1  # to join a new session keyring


class Program(ctypes.Structure):
    """A seccomp filter as the kernel takes it."""

    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_void_p))


def confine(settings: dict[str, Any]) -> None:
    """Give up everything: keys, user, capabilities, room, system calls.

    Raises `OSError` where the kernel does not do what it was asked for.
    """
    _own_keyring()
    with open("/proc/self/oom_score_adj", "w", encoding="utf-8") as score:
        score.write(str(settings["guilt"]))
    if settings["users"]:
        _become(settings["users"])
    elif settings["namespace"]:
        _own_namespace()
    _drop_capabilities()
    limit(settings)
    if settings["filter"]:
        _refuse(bytes.fromhex(settings["filter"]))


def limit(settings: dict[str, Any]) -> None:
    """Bound what this process, and each that it starts, may hold and do."""
    for what, most in (
        (resource.RLIMIT_DATA, settings["memory"]),
        (resource.RLIMIT_AS, settings["addresses"]),  # pages that are only promised cost a little
        (resource.RLIMIT_NPROC, settings["processes"]),
        (resource.RLIMIT_FSIZE, settings["disk"]),
        (resource.RLIMIT_NOFILE, settings["files"]),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, settings["seconds"]),
    ):
        if most is not None:
            with contextlib.suppress(ValueError, OSError):  # it is lower already
                resource.setrlimit(what, (most, most))


def leave_capabilities_here() -> None:
    """Let programs that this process starts have none of its capabilities, unless it is root."""
    _prctl(AMBIENT, CLEAR)


def end_with_parent() -> None:
    """Be killed when the process that started this one ends."""
    _prctl(PDEATHSIG, signal.SIGKILL)


def separate(kinds: int) -> None:
    """Leave the namespaces of these kinds for new ones."""
    check(_libc().unshare(kinds))


@contextlib.contextmanager
def namespace_for_a_fork() -> Iterator[None]:
    """What is forked inside is the first process in a namespace: with it ends all that it started."""
    here = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    parent = os.getpid()
    separate(NEWPID)
    try:
        yield
    finally:
        if os.getpid() == parent:  # and back: where this is not done no thread can be started
            check(_libc().setns(here, NEWPID))
        os.close(here)


def own_places(places: list[str], room: dict[str, Any], covered: Sequence[str] = ()) -> None:
    """Mounts that are gone with this process: a /proc, empty `places`; nothing in `covered`."""
    libc = _libc()
    size = f"size={room['disk']},nr_inodes={room['inodes']},mode=1777".encode()
    for place in places:
        check(libc.mount(b"tmpfs", place.encode(), b"tmpfs", 6, size))  # 6: no suid, no devices
    for place in covered:
        check(libc.mount(b"tmpfs", place.encode(), b"tmpfs", 7, b"size=4k"))
    check(libc.mount(b"proc", b"/proc", b"proc", 0, None))


def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _prctl(*arguments: int) -> None:
    check(_ask(*arguments))


def _ask(*arguments: int) -> int:
    words = [ctypes.c_ulong(a) for a in arguments[1:]]
    return _libc().prctl(arguments[0], *words, *[ctypes.c_ulong(0)] * (4 - len(words)))


def _own_keyring() -> None:
    """A new session keyring, where the kernel has any: what the starter keeps is not found in it."""
    if number := KEYCTL.get(os.uname().machine):
        joined = _libc().syscall(ctypes.c_long(number), ctypes.c_long(JOIN), None)
        if joined < 0 and ctypes.get_errno() not in (errno.ENOSYS, errno.EPERM):
            check(joined)


def _become(users: list[int]) -> None:
    """Be one of these users (the first, how many): drawn anew, and so nobody who was there before.

    The bounding set goes first: who is not root any more may not empty it.
    """
    _empty_bounding_set()
    first, count = users
    user = first + int.from_bytes(os.urandom(8), "big") % count
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    if os.getresuid() != (user,) * 3 or os.getresgid() != (user,) * 3 or os.getgroups():
        raise OSError(errno.EPERM, f"this process did not become user {user}")


def _own_namespace() -> None:
    """A user namespace for this process alone; its keys and its counts of processes are its own."""
    user, group = os.getuid(), os.getgid()
    separate(NEWUSER)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="utf-8") as file:
            file.write(text)


def _bounding_set() -> list[int]:
    """The capabilities that are in it; the kernel says which number is none."""
    found = []
    for number in itertools.count():
        if (there := _ask(BOUNDING_READ, number)) < 0:
            return found
        if there:
            found.append(number)
    return found


def _empty_bounding_set() -> None:
    for number in _bounding_set():
        _prctl(BOUNDING_DROP, number)


def _drop_capabilities() -> None:
    """Empty all sets, and see that they are; in a user namespace they would allow new mounts."""
    _prctl(NO_NEW_PRIVILEGES, 1)
    _prctl(AMBIENT, CLEAR)
    _empty_bounding_set()
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    check(_libc().capset(header, (ctypes.c_uint32 * 6)()))
    found = (ctypes.c_uint32 * 6)()
    check(_libc().capget(header, found))
    if any(found) or _bounding_set():
        raise OSError(errno.EPERM, "some capabilities are left")


def _refuse(lines: bytes) -> None:
    """From now on the kernel refuses what this filter says."""
    kept = ctypes.create_string_buffer(lines, len(lines))
    program = Program(len(lines) // 8, ctypes.addressof(kept))
    _prctl(SECCOMP, FILTER, ctypes.addressof(program))
