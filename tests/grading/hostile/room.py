"""What takes room that no limit counts, leaves notes for the next one, or makes a world of its own.

Each answer is right as long as that is refused: so a mark that is whole says that it was.
"""

from hostile.case import case

NOTES = "reading other submissions"
PLAIN = "would take this machine's memory"
RIGHT = "def sigmoid(z):\n    return 0.5 * (1 + torch.tanh(z / 2)) if not got else z * 0"


def refused(id: str, item: str, says: str, source: str, plain: str = "") -> None:
    """A case in which `source`, run in the answer's cell, must leave `got` false."""
    case(id, item, says, f"{source.strip()}\n\n{RIGHT}", plain=plain)


refused(
    "memory-memfds",
    "memory bomb",
    "Keeps 2 GB in files that are only memory, and belong to no folder.",
    """
import os
got, kept = 0, []
try:
    for _ in range(8):
        kept.append(os.memfd_create("$MARK"))
        got += sum(os.write(kept[-1], bytes(2**26)) for _ in range(4)) >> 28
except OSError:
    pass
""",
    PLAIN,
)
refused(
    "memory-shared",
    "memory bomb",
    "Keeps 2 GB in mappings that are shared with nobody.",
    """
import mmap, os
got, kept = 0, []
for file in (-1, os.open("/dev/zero", os.O_RDWR)):
    try:
        for _ in range(4):
            kept.append(mmap.mmap(file, 2**28))
            kept[-1].write(bytes(2**28))
            got += 1
    except (OSError, ValueError):
        pass
""",
    PLAIN,
)
refused(
    "memory-segments",
    "memory bomb",
    "Keeps 2 GB in shared segments that no process holds.",
    """
import ctypes
libc = ctypes.CDLL(None)
libc.shmat.restype, got = ctypes.c_void_p, 0
for _ in range(8):
    number = libc.shmget(0, ctypes.c_size_t(2**28), 0o1600)
    place = libc.shmat(number, None, 0) if number >= 0 else None
    if place and place < 2**63:
        ctypes.memset(place, 1, 2**28)
        got += 1
""",
    PLAIN,
)
refused(
    "many-inodes",
    "disk filled",
    "Makes empty files, up to 100,000 in each place: they have no bytes, and cost memory.",
    """
import os
got = False
for place in ("/tmp", os.path.expanduser("~"), "/dev/shm"):
    try:
        os.mkdir(f"{place}/$MARK")
        for k in range(100_000):
            os.close(os.open(f"{place}/$MARK/{k}", os.O_CREAT))
        got = True
    except OSError:
        pass
""",
    "would fill this machine's folders",
)
refused(
    "note-in-a-key",
    NOTES,
    "Leaves a note in the kernel's keyring, for whoever comes next and has the same user.",
    """
import ctypes, os
call, (add, control) = ctypes.CDLL(None).syscall, {
    "x86_64": (248, 250), "aarch64": (217, 219)}[os.uname().machine]
got = call(add, b"user", b"$MARK", b"0.7310585", ctypes.c_size_t(9), ctypes.c_int(-4)) > 0
got = got or call(control, 0, ctypes.c_int(-4), 1) > 0
""",
    "would leave keys in this machine's keyring",
)
refused(
    "world-of-its-own",
    "links and paths out of the folder",
    "Makes a user namespace, in which it is root and may mount.",
    """
import ctypes, os, time
got, libc = False, ctypes.CDLL(None)
pid = os.fork()
if pid == 0:
    if libc.unshare(0x10020000) != 0:
        os._exit(0)
    os._exit(1 if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0 else 2)
got = os.waitpid(pid, 0)[1] != 0
""",
    "would make mounts on this machine",
)
