"""Tries each assignment's checks on answers known to be right and known to be wrong.

`tests/answers/ASSIGNMENT/ANSWER/right_*.py` and `wrong_*.py` each hold what a student might put
in that answer's cell. Every right one must pass all checks of the answer, every wrong one must be
rejected by at least one, at every seed; the untouched hole must fail and the definition in `dgm`
must pass. Each answer runs in a process of its own, forked from one that has torch loaded.

A wrong answer's first line says what the mistake is: `# mean in place of the sum`. A wrong answer
that makes the check's call raise says so: `# raises: IndexError`; without it, anything but a
failed assertion of the check is a defect of the answer, for it might be no more than a typo.
"""

import json
import multiprocessing.connection
import os
import re
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from course.checks import catalogue
from course.paths import ANSWERS, ROOT, CourseError
from course.seeds import derive, with_seed

LEAST_RIGHT, LEAST_WRONG = 3, 8
TIME_LIMIT = 60  # seconds for one answer, all seeds
NEVER_A_MISTAKE = ("NameError", "SyntaxError", "IndentationError", "ImportError")


@dataclass
class Attempt:
    """One answer tried: what it is, and what each of the checks said at each seed."""

    assignment: str
    answer: str
    file: str  # "right_loop.py", …, or "hole" or "dgm"
    source: str = field(default="", repr=False)  # as typed into the cell; or the `function` itself
    function: Callable | None = field(default=None, repr=False, compare=False)
    why: str = ""
    raises: str = ""
    verdicts: list[dict[str, str]] = field(default_factory=list)  # a seed: {"check": "", …}
    defect: str = ""
    seconds: float = 0.0

    @property
    def should_pass(self) -> bool:
        return self.file == "dgm" or self.file.startswith("right_")

    @property
    def problem(self) -> str:
        """Why this attempt is not as it should be, or the empty text."""
        if self.defect:
            return f"defect of the answer: {self.defect}"
        for seed, verdict in enumerate(self.verdicts):
            said = [f"{kind}: {text}" for kind, text in verdict.items() if text]
            if self.should_pass and said:
                return f"rejected at seed {seed}; {said[0]}"
            if not self.should_pass and not said:
                return f"accepted at seed {seed}"
        return ""

    @property
    def only_hidden(self) -> bool:
        """Whether the student, running the visible check, would have seen nothing wrong."""
        return bool(self.verdicts) and not self.should_pass and not self.verdicts[0]["check"]


def load(assignment: str, only: str | None = None) -> tuple[list[dict], list[Attempt]]:
    """The code cells of the woven assignment, and all attempts on it, not yet tried."""
    import nbformat

    from course.release import released
    from course.weave import weave

    woven = weave(ROOT / "solutions" / assignment / f"{assignment}.py")
    emptied = nbformat.read(released(assignment), as_version=4)
    cells = [
        {"id": c.id, "source": c.source, "nbgrader": c.metadata.get("nbgrader", {})}
        for c in woven.cells
        if c.cell_type == "code" and "demo" not in c.metadata.get("tags", [])
    ]
    answers = [c["id"] for c in cells if c["nbgrader"].get("solution")]
    folder = ANSWERS / assignment
    strangers = {p.name for p in folder.glob("*") if p.is_dir()} - set(answers)
    if strangers:
        raise CourseError(f"{folder.relative_to(ROOT)}: no answer is called {sorted(strangers)}")
    attempts = []
    for name in answers:
        if only and name != only:
            continue
        hole = next(c.source for c in emptied.cells if c.id == name)
        if name in catalogue.names(assignment):
            attempts += catalogued(assignment, name, hole)
            continue
        whole = next(c["source"] for c in cells if c["id"] == name)
        attempts.append(Attempt(assignment, name, "hole", hole, raises="NotImplementedError"))
        attempts.append(Attempt(assignment, name, "dgm", whole))
        for path in sorted((folder / name).glob("*.py")):
            text = path.read_text()
            if not path.name.startswith(("right_", "wrong_")):
                raise CourseError(f"{path.relative_to(ROOT)}: call it right_….py or wrong_….py")
            attempt = Attempt(assignment, name, path.name, text)
            attempt.why = text.splitlines()[0].lstrip("# ") if text.startswith("#") else ""
            if found := re.search(r"^# raises: (\w+)", text, re.M):
                attempt.raises = found[1]
            if path.name.startswith("wrong_") and not attempt.why:
                attempt.defect = "its first line must be a comment that names the mistake"
            attempts.append(attempt)
    return cells, attempts


def catalogued(assignment: str, name: str, hole: str) -> list[Attempt]:
    """The attempts on an exercise that has a file of its own in `course/checks`."""
    from course.checks.exercise import load

    exercise = load(name)
    found = [
        Attempt(assignment, name, "hole", hole),
        Attempt(assignment, name, "dgm", function=exercise.definition),
    ]
    for answer in [*exercise.right(), *exercise.mistakes()]:
        found.append(
            Attempt(assignment, name, answer.name, why=answer.words, function=answer.function)
        )
    return found


def texts(assignment: str) -> dict[str, dict[str, str]]:
    """All right and wrong answers as a student would type them: by exercise, then by name."""
    from course.checks import typed

    found: dict[str, dict[str, str]] = {}
    for path in sorted((ANSWERS / assignment).glob("*/*.py")):
        found.setdefault(path.parent.name, {})[path.stem] = path.read_text()
    for name, answer, text in typed.texts(assignment):
        found.setdefault(name, {})[answer] = text
    return found


def loose(
    assignment: str, folder: Path, only: str | None = None
) -> tuple[list[dict], list[Attempt]]:
    """The answers in `folder/NAME/right_*.py` and `wrong_*.py`, as a student would type them.

    Raises:
        CourseError: where a folder is called as no answer is, or there are none.
    """
    cells, known = load(assignment, only)
    names = {a.answer for a in known}
    found = []
    for place in sorted(p for p in folder.iterdir() if p.is_dir()):
        if place.name not in names and not only:
            raise CourseError(f"{place}: {assignment} has no answer of that name; it has {', '.join(sorted(names))}")  # fmt: skip
        for path in sorted(place.glob("*.py")) if place.name in names else []:
            if not path.name.startswith(("right_", "wrong_")):
                raise CourseError(f"{path}: call it right_….py or wrong_….py")
            found.append(Attempt(assignment, place.name, path.name, path.read_text()))
    if not found:
        raise CourseError(f"{folder} holds no NAME/right_….py or NAME/wrong_….py")
    return cells, found


def try_function(attempt: Attempt, cells: list[dict], seeds: int) -> Attempt:
    """Try one attempt in this process on the cases of its exercise at each seed."""
    from course.checks.engine import problem
    from course.checks.exercise import load as read

    signal.alarm(TIME_LIMIT)
    start = time.perf_counter()
    exercise, function = read(attempt.answer), attempt.function
    if function is None:
        names: dict = {"__name__": "__main__"}
        for cell in cells:
            if cell["id"] == attempt.answer:
                break
            if not cell["nbgrader"].get("grade"):
                exec(compile(cell["source"], cell["id"], "exec"), names)
        try:
            exec(compile(attempt.source, attempt.file, "exec"), names)
            function = names[attempt.answer]
        except BaseException as problem_:
            attempt.defect = f"does not run: {type(problem_).__name__}: {problem_}"
            return attempt
    for number in range(seeds):
        verdict = {}
        for kind in ("check", "hidden"):
            seed = number and derive(b"answers", attempt.answer + kind, str(number))
            try:
                failed, _ = problem(exercise, function, seed, kind == "hidden")
            except NotImplementedError:
                verdict[kind] = "NotImplementedError"
                continue
            verdict[kind] = str(failed or "")
            raised = type(failed.error).__name__ if failed else ""
            if raised in NEVER_A_MISTAKE:
                attempt.defect = attempt.defect or f"{kind} ended in {raised}: {failed}"
        attempt.verdicts.append(verdict)
        if attempt.defect:
            break
    attempt.seconds = time.perf_counter() - start
    return attempt


def try_one(attempt: Attempt, cells: list[dict], seeds: int) -> Attempt:
    """Run one attempt in this process: the cells before it, the answer, its checks at each seed."""
    if attempt.answer in catalogue.names(attempt.assignment):
        return try_function(attempt, cells, seeds)
    signal.alarm(TIME_LIMIT)
    start = time.perf_counter()
    names: dict = {"__name__": "__main__"}
    here = next(i for i, c in enumerate(cells) if c["id"] == attempt.answer)
    checks = {}
    for number, cell in enumerate(cells):
        kind = {f"{attempt.answer}-check": "check", f"{attempt.answer}-hidden": "hidden"}.get(
            cell["id"]
        )
        if kind:
            checks[kind] = cell["source"]
        elif number == here:
            try:
                exec(compile(attempt.source, attempt.file, "exec"), names)
            except BaseException as problem:
                attempt.defect = f"does not run: {type(problem).__name__}: {problem}"
                return attempt
        elif cell["nbgrader"].get("grade") or (number > here and len(checks) == 2):
            continue
        else:
            exec(compile(cell["source"], cell["id"], "exec"), names)
    for number in range(seeds):
        verdict = {}
        for kind, source in checks.items():
            if number:
                source = with_seed(source, derive(b"answers", attempt.answer + kind, str(number)))
            verdict[kind] = _run_check(attempt, kind, source, dict(names))
        attempt.verdicts.append(verdict)
        if attempt.defect:
            break
    attempt.seconds = time.perf_counter() - start
    return attempt


def _run_check(attempt: Attempt, kind: str, source: str, names: dict) -> str:
    """What the check says of the answer: nothing if it passes, else the failure's message."""
    try:
        exec(compile(source, kind, "exec"), names)
    except BaseException as problem:
        name = type(problem).__name__
        where = traceback.extract_tb(problem.__traceback__)[-1].filename
        typo = name in NEVER_A_MISTAKE or (name == "AssertionError" and where == attempt.file)
        if (not isinstance(problem, AssertionError) and name != attempt.raises) or typo:
            attempt.defect = attempt.defect or f"{kind} ended in {name}: {problem}"
        return f"{name}: {problem}"
    return ""


def run(assignment: str, seeds: int = 3, only: str | None = None, jobs: int = 0) -> list[Attempt]:
    """Try every answer of `assignment`; returns the attempts with their verdicts filled in."""
    return tried(*load(assignment, only), seeds, jobs)


def tried(cells: list[dict], attempts: list[Attempt], seeds: int, jobs: int = 0) -> list[Attempt]:
    """Try these attempts on the checks among `cells`."""
    import torch

    torch.set_num_threads(1)  # a forked child must not inherit a pool of threads
    setup = next(c for c in cells if c["id"] == "setup")
    exec(compile(setup["source"], "setup", "exec"), {"__name__": "__main__"})  # imports, once
    torch.testing.assert_close(torch.ones(1), torch.ones(1))  # its first call imports for a second
    return list(_in_children(attempts, cells, seeds, jobs or os.cpu_count() or 1))


def _in_children(todo: list[Attempt], cells: list, seeds: int, jobs: int) -> Iterator[Attempt]:
    fork = multiprocessing.get_context("fork")

    def child(pipe, attempt: Attempt) -> None:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        done = try_one(attempt, cells, seeds)
        pipe.send((done.verdicts, done.defect, done.seconds))

    waiting, running = list(todo), {}
    while waiting or running:
        while waiting and len(running) < jobs:
            attempt = waiting.pop(0)
            if attempt.defect:
                yield attempt
                continue
            mine, theirs = fork.Pipe(duplex=False)
            process = fork.Process(target=child, args=(theirs, attempt))
            process.start()
            theirs.close()
            running[mine] = (process, attempt)
        for pipe in multiprocessing.connection.wait(list(running)):
            process, attempt = running.pop(pipe)
            try:
                attempt.verdicts, attempt.defect, attempt.seconds = pipe.recv()
            except EOFError:
                process.join()
                attempt.defect = f"its process ended with {process.exitcode} (too slow, or killed)"
            process.join()
            yield attempt


def summary(attempts: list[Attempt]) -> tuple[str, list[str]]:
    """A table, a line per graded cell, and the list of what is wrong (empty when all is well)."""
    lines = [
        f"{'graded cell':<28} {'right accepted':>15} {'wrong rejected':>15} {'hidden only':>12}"
    ]
    problems = [f"{a.answer}/{a.file}: {a.problem}" for a in attempts if a.problem]
    for name in dict.fromkeys(a.answer for a in attempts):
        mine = [a for a in attempts if a.answer == name]
        right = [a for a in mine if a.file.startswith("right_")]
        wrong = [a for a in mine if a.file.startswith("wrong_")]
        hidden = sum(a.only_hidden for a in wrong if not a.problem)
        accepted, rejected = (f"{sum(not a.problem for a in g)}/{len(g)}" for g in (right, wrong))
        lines.append(f"{name:<28} {accepted:>15} {rejected:>15} {hidden:>12}")
        if len(right) < LEAST_RIGHT or len(wrong) < LEAST_WRONG:
            problems.append(
                f"{name}: {len(right)} right and {len(wrong)} wrong answers; "
                f"at least {LEAST_RIGHT} and {LEAST_WRONG} are wanted"
            )
    return "\n".join(lines), problems


def told(attempts: list[Attempt]) -> tuple[list[str], int]:
    """A line for each answer that is misjudged, and a last one that counts; how many are."""
    lines = []
    for a in attempts:
        if a.problem:
            lines.append(f"{a.answer}/{a.file}: {a.problem}")
    right = [a for a in attempts if a.should_pass]
    wrong = [a for a in attempts if not a.should_pass]
    counts = [f"{sum(not a.problem for a in g)} of {len(g)} {word}" for g, word in ((right, "right accepted"), (wrong, "wrong rejected"))]  # fmt: skip
    return [*lines, ", ".join(counts)], len(lines)


def messages(attempts: list[Attempt]) -> str:
    """What each wrong answer is told by the visible check, or that it is told nothing."""
    lines = []
    for a in attempts:
        if a.file.startswith("wrong_") and a.verdicts:
            told = a.verdicts[0]["check"] or "(nothing: the visible check passes)"
            lines += [f"{a.answer}/{a.file}: {a.why}", f"    {' '.join(told.split())}"]
    return "\n".join(lines)


def as_json(attempts: list[Attempt]) -> str:
    """The attempts as JSON, for the tests."""
    extra = ("problem", "only_hidden")
    return json.dumps(
        [asdict(replace(a, function=None)) | {e: getattr(a, e) for e in extra} for a in attempts]
    )
