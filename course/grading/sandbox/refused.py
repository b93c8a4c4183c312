"""What the kernel refuses a guest, and the judge: one table, and the seccomp filter made of it.

The filter is made outside by libseccomp, which knows the numbers of each machine; inside it is only
bytes, that `confine` hands to the kernel. What is refused looks as if the kernel did not have it
(ENOSYS): libraries then take their other way.
"""

import errno
import functools
import tempfile
from typing import NamedTuple

REFUSED = {  # system calls that no cell and no check needs, by what they would be good for
    "a world of one's own, where new mounts are allowed": """
        unshare setns chroot pivot_root mount umount2 move_mount open_tree fsopen fsconfig fsmount
        fspick mount_setattr clone3""",
    "notes for the next submission": "add_key request_key keyctl",
    "other processes": """
        ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp""",
    "memory that no limit counts": """
        memfd_create memfd_secret shmget shmat shmctl semget semop semtimedop semctl msgget msgsnd
        msgrcv msgctl mq_open mq_unlink vmsplice io_setup io_submit""",
    "parts of the kernel where most holes were found": """
        io_uring_setup io_uring_enter io_uring_register bpf userfaultfd perf_event_open
        fanotify_init fanotify_mark modify_ldt personality""",
    "files by number, past all folders": "open_by_handle_at name_to_handle_at",
    "the machine itself": """
        kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff
        acct quotactl quotactl_fd syslog vhangup iopl ioperm sethostname setdomainname settimeofday
        clock_settime clock_adjtime adjtimex lookup_dcookie move_pages migrate_pages""",
}


class Arguments(NamedTuple):
    """A system call that is refused with some arguments: `argument & mask` is `value`, or above."""

    call: str
    argument: int
    mask: int  # 0: refused where the argument is greater than `value`
    value: int
    error: int


NAMESPACES = {  # flags of clone
    "NEWNS": 0x00020000, "NEWCGROUP": 0x02000000, "NEWUTS": 0x04000000, "NEWIPC": 0x08000000,
    "NEWUSER": 0x10000000, "NEWPID": 0x20000000, "NEWNET": 0x40000000,
}  # fmt: skip
UNKNOWN = -1  # libseccomp's number of a call that it has not heard of
FAMILIES = (1, 2, 10)  # of sockets: unix, IPv4, IPv6
SOME = [
    *(Arguments("clone", 0, flag, flag, errno.EPERM) for flag in NAMESPACES.values()),
    Arguments("mmap", 3, 0x21, 0x21, errno.EPERM),  # shared and anonymous: counts as nobody's
    *(
        Arguments("socket", 0, 0xFFFFFFFF, family, errno.EAFNOSUPPORT)
        for family in range(max(FAMILIES))
        if family not in FAMILIES
    ),
    Arguments("socket", 0, 0, max(FAMILIES), errno.EAFNOSUPPORT),
]


def calls() -> list[str]:
    """The names of all calls that are refused whatever their arguments."""
    return [name for names in REFUSED.values() for name in names.split()]


@functools.cache
def problem() -> str:
    """Why the filter is not whole here, or the empty text."""
    try:
        import pyseccomp as seccomp

        native = seccomp.Arch.NATIVE
        unknown = [name for name in calls() if seccomp.resolve_syscall(native, name) == UNKNOWN]
    except (ImportError, OSError, RuntimeError) as missing:
        return f"no system call is refused ({missing}; Debian: `apt install libseccomp2`)"
    with open("/proc/self/status", encoding="utf-8") as status:
        if "Seccomp:" not in status.read():
            return "no system call is refused (this kernel has no seccomp)"
    return (
        f"not refused, for libseccomp does not know them: {', '.join(unknown)}" if unknown else ""
    )


@functools.cache
def program(machine: str = "") -> bytes:
    """The filter for this machine, or for `machine` ("X86_64", "AARCH64"), as the kernel reads it.

    Calls by the rules of another machine (32 bits, x32) are refused, too. Empty where there is none.
    """
    try:
        import pyseccomp as seccomp
    except (ImportError, OSError, RuntimeError):
        return b""
    made = seccomp.SyscallFilter(seccomp.ALLOW)
    other = getattr(seccomp.Arch, machine) if machine else seccomp.system_arch()
    if other != seccomp.system_arch():
        made.add_arch(other)
        made.remove_arch(seccomp.Arch.NATIVE)
    made.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.ERRNO(errno.ENOSYS))
    for name in calls():
        if seccomp.resolve_syscall(seccomp.Arch.NATIVE, name) != UNKNOWN:
            made.add_rule(seccomp.ERRNO(errno.ENOSYS), name)
    for some in SOME:
        how = (seccomp.MASKED_EQ, some.mask, some.value) if some.mask else (seccomp.GT, some.value)
        made.add_rule(seccomp.ERRNO(some.error), some.call, seccomp.Arg(some.argument, *how))
    with tempfile.TemporaryFile() as file:
        made.export_bpf(file)
        file.seek(0)
        return file.read()
