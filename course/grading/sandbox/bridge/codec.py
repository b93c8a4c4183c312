"""What a kind of value needs in order to cross a bridge."""

from typing import Any, ClassVar

from course.grading.sandbox.bridge.known import Known


class Codec:
    """One kind of value. What it encodes is a list that begins with one of its `tags`.

    Of what can be changed in place, `Known.states` holds the state when both sides were last equal;
    `change` says what to send where it is another one now, and `apply` does the same here.
    """

    tags: ClassVar[tuple[str, ...]]
    change_tag: ClassVar[str] = ""  # of its changes; "" where nothing of this kind has a state

    def takes(self, value: Any, known: Known) -> bool:
        """Whether `value` is of this kind."""
        raise NotImplementedError

    def encode(self, value: Any, known: Known, depth: int) -> Any:
        raise NotImplementedError

    def decode(self, tag: str, parts: list[Any], known: Known, depth: int) -> Any:
        raise NotImplementedError

    def state(self, key: str, known: Known) -> Any:
        """What tells whether the object `key` has changed."""
        raise NotImplementedError

    def change(self, key: str, old: Any, new: Any, known: Known) -> list[Any] | None:
        """What to tell the other side of the object `key`, whose state was `old`; None if nothing.

        `old` is None where the other side has changed it and this side has not: then tell all.
        """
        raise NotImplementedError

    def apply(self, key: str, parts: list[Any], known: Known) -> None:
        """Make a change of the other side here too."""
        raise NotImplementedError
