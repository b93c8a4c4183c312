"""Bad and hostile submissions that grading must survive, each with the mark that it earns.

To add one, write one `case(...)` or `attack(...)` in the file that fits; `case.py` says what its
fields mean. An attack replaces one answer by something that holds no right answer, so that its
mark is the whole less that answer's checks. Bound whatever it does (processes, bytes, seconds) in
its own text, and put $MARK into the names of files and processes that it makes (`prctl(15, name)`
names a process): that is how `world.py` finds what was left behind.
"""

from hostile import (
    copying,
    files,
    flags,
    full,
    inputs,
    kernel,
    lost,
    machine,
    patched,
    reading,
    returned,
    room,
    talk,
)
from hostile.case import ALL, CASES, NAME, RIGHT, Case, attack, beside, case, solved
from hostile.world import SECRET, World, processes

__all__ = ["ALL", "CASES", "NAME", "RIGHT", "SECRET", "Case", "World", "attack", "beside", "case"]
__all__ += ["copying", "files", "flags", "full", "inputs", "kernel", "lost", "machine", "patched"]
__all__ += ["processes", "reading", "returned", "room", "solved", "talk"]
