"""How a check's message reads to a student."""

import re
from typing import Any

WHOLE = (
    "your code raised",
    "it gave another result",
    "its assertion failed",
    "The cell of this answer",
    "A line of this answer's cell",
)
VERB = re.compile(
    r"\b(am|is|are|was|were|be|been|has|have|had|do|does|did|can|cannot|may|must|should|will|would|"
    r"got|ran|ends?|ended|fails?|failed|wanted|missing|needs?|returned|raised|gives?|takes?|goes|comes|stays?|stands?|reach(es)?|drops?|"
    r"changed|moved|divide[ds]?|counts?|looks?|uses?|used|works?|makes?|keeps?|draws?|adds?)\b", re.I,
)  # fmt: skip


def sentence(message: str, hidden: bool = False) -> str:
    """A check's message as a student can read it: a mere label gets a sentence round it.

    A label has no verb and explains nothing, as `var` or `alpha in place of alpha_bar`. The words of a
    hidden check are all labels: some name the mistake, and some what was wanted.
    """
    words = message.strip()
    if not words or words.endswith((".", "!", "?")) or words.startswith(WHOLE) or "\n" in words:
        return message
    if hidden:
        return f"It stopped at “{words}”."
    if VERB.search(words) or re.search("[:;?]", words):
        return message
    return f"This part of the result is not as it should be: “{words}”."


def hint(said: dict[str, Any], hidden: bool) -> str:
    """What the page says of a check that did not pass, beside its points."""
    message, words = said["message"], sentence(said["message"], hidden)
    if said["state"] == "lost" or message.startswith(WHOLE):
        return f"What happened: {message}"
    return words if words != message or message.endswith(".") else f"Likely mistake: {message}"
