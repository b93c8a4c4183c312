"""Which kinds of flag answer to the corpus's words: any of them will do."""

from course.grading.records import Flag

KINDS = {
    "ungradable": {"ungradable"},
    "killed": {"killed"},
    "copies differ": {"two versions"},
    "check changed": {"check edited"},
    "tags": {"skip-execution"},
    "extra files": {"shadows the package"},
    "links": {"unexpected file", "shadows the package"},
    "time": {"forged time stamp"},
    # Seen in an answer's source, or while it ran:
    "patched": {"patched library"},
    "equal": {"equal to everything"},
    "frames": {"reads frames"},
    "memory": {"reads frames"},
    "kernel": {"notebook hook", "patched library"},
    "display": {"notebook hook"},
    "files": {"looks for files"},
    "processes": {"processes"},
    "network": {"processes"},
    "copied": {"copied", "copied answer", "reads frames", "runs text"},
    "visible inputs": {"hard-coded", "seed"},
    "seed": {"seed changed"},
    "left as text": {"answer in text"},
}


def missing(words: tuple[str, ...], flags: list[Flag]) -> list[str]:
    """Those of a case's words to which none of the flags answers."""
    found = {flag.kind for flag in flags}
    return [word for word in words if not found & KINDS[word]]
