"""How an outcome comes back from the judge: as JSON that is read strictly, never as a pickle.

The judge has read what a stranger's code sent. Whoever takes its word takes plain data of known
kinds and of a known size, and the points from the job.
"""

import json
import math
from typing import Any, get_args

from course.grading.records import CheckResult, Flag, Job, Outcome, Record, State
from course.grading.run.messages import shortened

LARGEST = 2**28  # bytes of an outcome
LONGEST = 100_000  # characters of one text
FLAGS = 1000


def written(outcome: Outcome) -> bytes:
    """An outcome as it travels; no line break is in it."""
    return json.dumps({"outputs": outcome.outputs, "record": outcome.record.as_dict()}).encode()


def read(text: bytes, job: Job) -> Outcome:
    """The outcome of `job` that `text` tells of. Raises `ValueError` where it tells of none."""
    try:
        data = json.loads(text)
        record = data["record"]
        checks = {str(k): _check(v, job, k) for k, v in record["checks"].items()}
        flags = [_flag(f) for f in record["flags"][:FLAGS]]
        outputs = {_text(k): shortened(v) for k, v in data["outputs"].items()}
        return Outcome(
            outputs,
            Record(
                checks,
                flags,
                failed={_text(k): _text(v) for k, v in record["failed"].items()},
                reason=_text(record["reason"]),
                seconds=_number(record["seconds"]),
                restarts=int(_number(record["restarts"])),
                memory=int(_number(record["memory"])),
            ),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise ValueError(f"what the judge sent is no outcome: {problem!r:.200}") from None


def _check(data: dict[str, Any], job: Job, grade_id: str) -> CheckResult:
    if data["state"] not in get_args(State):
        raise ValueError("a state that no check has")
    through = [_text(name) for name in data["through"]]
    if not set(through) <= set(job.asked):
        raise ValueError("a definition that the assignment does not ask for")
    return CheckResult(
        data["state"],
        job.points[grade_id],
        _text(data["message"]),
        _number(data["seconds"]),
        _text(data["also"]),
        through,
    )


def _flag(data: dict[str, Any]) -> Flag:
    return Flag(_text(data["kind"]), _text(data["text"]), _text(data["answer"]))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("no text where one belongs")
    return value[:LONGEST]


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("no number where one belongs")
    return value
