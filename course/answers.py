"""Tries each assignment's checks on answers known to be right and known to be wrong.

Every right one must pass all checks of its exercise, every wrong one must be rejected by at least one,
at every seed; the untouched hole must fail and the definition in `dgm` must pass. Each answer runs in
a process of its own, forked from one that has torch loaded.

One that ends in a NameError or the like is a defect: it might be no more than a typo.
"""

import json
import multiprocessing.connection
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, replace

from course.attempts import Attempt, load
from course.seeds import derive

LEAST_RIGHT, LEAST_WRONG = 3, 8
TIME_LIMIT = 300  # seconds for one answer, all seeds
NEVER_A_MISTAKE = ("NameError", "SyntaxError", "IndentationError", "ImportError")


def try_one(attempt: Attempt, cells: list[dict], seeds: int, naming: bool = False) -> Attempt:
    """Try one attempt in this process: on its exercise's cases, at each seed.

    One that was typed runs after the cells that come before it. `naming`: say which mistake a wrong
    one is taken for, at the first seed; that is dear, for all others are asked.
    """
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
        except BaseException as error:
            attempt.defect = f"does not run: {type(error).__name__}: {error}"
            return attempt
    for number in range(seeds):
        verdict = {}
        for kind in ("check", "hidden"):
            seed = number and derive(b"answers", attempt.answer + kind, str(number))
            try:
                name = naming and number == 0 and not any(verdict.values())
                failed, _ = problem(exercise, function, seed, kind == "hidden", name)
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


def run(
    assignment: str, seeds: int = 3, only: str | None = None, jobs: int = 0, naming: bool = False
) -> list[Attempt]:
    """Try every answer of `assignment`; returns the attempts with their verdicts filled in."""
    return tried(*load(assignment, only), seeds, jobs, naming)


def tried(
    cells: list[dict], attempts: list[Attempt], seeds: int, jobs: int = 0, naming: bool = False
) -> list[Attempt]:
    """Try these attempts on the checks among `cells`."""
    import torch

    torch.set_num_threads(1)  # a forked child must not inherit a pool of threads
    setup = next(c for c in cells if c["id"] == "setup")
    exec(compile(setup["source"], "setup", "exec"), {"__name__": "__main__"})  # imports, once
    torch.testing.assert_close(torch.ones(1), torch.ones(1))  # its first call imports for a second
    return list(_in_children(attempts, cells, seeds, jobs or os.cpu_count() or 1, naming))


def _in_children(
    todo: list[Attempt], cells: list, seeds: int, jobs: int, naming: bool = False
) -> Iterator[Attempt]:
    fork = multiprocessing.get_context("fork")

    def child(pipe, attempt: Attempt) -> None:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        done = try_one(attempt, cells, seeds, naming)
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


def misjudged(attempts: list[Attempt]) -> list[str]:
    """A line for each answer that is not as it should be."""
    return [f"{a.answer}/{a.file}: {a.problem}" for a in attempts if a.problem]


def summary(attempts: list[Attempt]) -> tuple[str, list[str]]:
    """A table, a line per graded cell, and the list of what is wrong (empty when all is well)."""
    lines = [
        f"{'graded cell':<28} {'right accepted':>15} {'wrong rejected':>15} {'hidden only':>12}"
    ]
    problems = misjudged(attempts)
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
    lines = misjudged(attempts)
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
