"""The seed of each check: fixed where a student sees it, a course secret's while grading.

A check cell holds a line `SEED = 0`. Before a submission is run, that number is replaced by one
derived from the course's secret, the assignment and the grade id: the same for every student and
every re-run, and unknown to them, so that an answer made for the visible inputs does not pass.
"""

import hashlib
import hmac
import os
import secrets

from course.paths import ROOT
from course.source import SEED_LINE

VARIABLE = "DGM_COURSE_SECRET"


def course_secret() -> bytes:
    """The course's secret: `$DGM_COURSE_SECRET`, else `.course_secret`, made at the first call."""
    if value := os.environ.get(VARIABLE):
        return value.encode()
    path = ROOT / ".course_secret"
    try:
        with open(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as new:
            new.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_bytes().strip()


def derive(secret: bytes, assignment: str, grade_id: str) -> int:
    """A seed in 1..2**31-1 for one check."""
    digest = hmac.new(secret, f"{assignment}/{grade_id}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:4], "big") % (2**31 - 1) + 1


def key(secret: bytes, assignment: str) -> str:
    """What the judge's own draws hang on while it grades an assignment."""
    return hmac.new(secret, f"{assignment}, the judge".encode(), hashlib.sha256).hexdigest()


def with_seed(source: str, seed: int) -> str:
    """The check `source` with its `SEED` line set to `seed`."""
    return SEED_LINE.sub(f"SEED = {seed}", source, count=1)
