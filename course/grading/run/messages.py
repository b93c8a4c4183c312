"""What is said of a check, and kept of a cell's outputs: words for the student, cut to a decent length."""

import ast
import re
import traceback
from typing import Any

from course.checks.telling import Failed, own_lines

TEXT, OUTPUTS = 300_000, 300  # characters and pieces of output that a cell may keep
LOST = (
    "Your code {how}, and {with_it}. The others are not touched. Run the cell and its "
    "check at home, in a fresh kernel, and see where it {ends}."
)
ANSWER = "this answer with it"
CELL = "this cell with it; of it only imports, functions, classes and constants are used"
OVER = (
    "This was not run: the {:.0f} seconds that a submission may take were used up before it. Run the "
    "notebook at home, in a fresh kernel, and see where they go."
)
HOW = {
    "long": ("ran for longer than {:.0f} seconds and was stopped", "stays"),
    "forged": ("sent the grader what no answer sends and was stopped", "does so"),
    "dead": ("ended the process that it runs in", "stops (exit, a crash, too much memory?)"),
}


def lost(how: str, seconds: float, what: str = ANSWER) -> str:
    """What is said of an answer that is lost, or of a cell."""
    if how == "over":
        return OVER.format(seconds)
    name, stay = HOW[how]
    return LOST.format(how=name.format(seconds), with_it=what, ends=stay)


def killed(how: str, seconds: float) -> str:
    """The same for the instructor."""
    if how == "over":
        return f"The submission took longer than {seconds:.0f} seconds."
    return f"An answer {HOW[how][0].format(seconds)}."


def followed(through: list[str], classes: list[str]) -> str:
    """What was also tried of an answer that does not pass."""
    parts = []
    if through:
        parts.append(
            f"With the course's own {listed(through)} in place of yours it does not pass either."
        )
    if classes:
        parts.append(
            f"It builds on your own {listed(classes)}, which did not pass: the course's does not take "
            "the place of a class."
        )
    return " ".join(parts)


def listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def message(problem: BaseException, source: str, file: str, hidden: bool, remote_name: str) -> str:
    """What the student is told. Of a hidden check only words: no line of it and no value."""
    if isinstance(problem, Failed):
        lines = [] if hidden or not problem.error else own_lines(problem.error)
        raised = remote_name or type(problem.error).__name__
        other = (
            f"your code raised {raised}"
            if problem.error
            else "it gave another result than was wanted"
        )
        said = problem.words or other
        return said if hidden else "\n".join([problem.message, *lines])
    name = remote_name or type(problem).__name__
    inside = [f for f in traceback.extract_tb(problem.__traceback__) if f.filename == file]
    if not hidden:
        text = str(problem)
        if name == "AssertionError" and not remote_name:
            return text or "its assertion failed"
        lines = getattr(problem, "remote_lines", "").strip()
        return f"{name}: {text}" + (f"\n\n{_own_lines(lines)}" if lines else "")
    if name == "AssertionError" and not remote_name:
        words = _words(source, inside[-1].lineno or 0) if inside else ""
        return words or "it gave another result than was wanted"
    return f"your code raised {name}"


def raised_in(lines: str) -> str:
    """The name of the function in which a traceback ends."""
    return (re.findall(r'^  File ".*, in (\w+)$', lines, re.M) or [""])[-1]


def _own_lines(lines: str) -> str:
    """The part of a traceback that lies in the student's cells."""
    kept, keep = [], False
    for line in lines.splitlines():
        if line.startswith("  File "):
            keep = "<ipython-input" in line or "ipykernel" in line or "<string>" in line
        if keep or not line.startswith(" "):
            kept.append(line)
    return "\n".join(kept[-30:])


def _words(source: str, line: int) -> str:
    """The message of the assertion at `line`, with … where it would show a value."""
    best: ast.AST | None = None
    for node in ast.walk(ast.parse(source)):
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if not first <= line <= (last or 0):
            continue
        if isinstance(node, ast.Assert) and node.msg is not None:
            best = node.msg
        elif isinstance(node, ast.Call):
            best = next((k.value for k in node.keywords if k.arg == "msg"), best)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            best = node.exc.args[0]
    if isinstance(best, ast.Constant):
        return str(best.value)
    if isinstance(best, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "…" for p in best.values)
    return ""


def shortened(outputs: Any) -> list[dict[str, Any]]:
    """What a guest says were a cell's outputs, as nbformat has them, and cut to a decent length."""
    found: list[dict[str, Any]] = []
    left = TEXT
    for output in outputs[:OUTPUTS] if isinstance(outputs, list) else []:
        kind = output.get("output_type") if isinstance(output, dict) else None
        if kind == "stream":
            text = str(output.get("text", ""))[:left]
            found.append({"output_type": "stream", "name": "stdout", "text": text})
            left -= len(text)
        elif kind == "error":
            parts = [str(output.get(k, ""))[:5000] for k in ("ename", "evalue")]
            lines = [str(t)[:5000] for t in list(output.get("traceback") or [])[:60]]
            found.append({"output_type": "error", "ename": parts[0], "evalue": parts[1],
                          "traceback": lines})  # fmt: skip
        elif kind in ("display_data", "execute_result"):
            data = output.get("data") if isinstance(output.get("data"), dict) else {}
            kept = {k: str(data[k])[:4_000_000] for k in ("text/plain", "image/png") if k in data}
            found.append({"output_type": "display_data", "data": kept, "metadata": {}})
    return found
