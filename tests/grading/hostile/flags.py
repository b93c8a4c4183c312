"""Which kinds of flag answer to the corpus's words: any of them will do; `ANY`, whatever it is."""

from course.grading.records import Flag

ANY: frozenset[str] = frozenset()
KINDS = {
    "ungradable": {"ungradable"},
    "copies differ": {"two versions"},
    "check changed": {"check edited"},
    "tags": {"skip-execution"},
    "seed": {"seed changed"},
    "extra files": {"shadows the package"},
    "links": {"unexpected file", "shadows the package"},
    "time": {"forged time stamp"},
    # Seen in an answer's source:
    "patched": ANY,
    "frames": ANY,
    "kernel": ANY,
    "display": ANY,
    "memory": ANY,
    "files": ANY,
    "processes": ANY,
    "network": ANY,
    "copied": ANY,
    "visible inputs": ANY,
}


def missing(words: tuple[str, ...], flags: list[Flag]) -> list[str]:
    """Those of a case's words to which none of the flags answers."""
    found = {flag.kind for flag in flags}
    return [word for word in words if not (found & KINDS[word] if KINDS[word] else found)]
