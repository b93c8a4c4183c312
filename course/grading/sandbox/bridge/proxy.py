"""A stand-in for an object of the other side; shared by the two ends of a bridge."""

from typing import Any


class FarError(RuntimeError):
    """An error of a kind that only the other side knows."""


class Far:
    """Stands for an object of the other side; using it asks that side."""

    def __init__(self, peer: Any, key: str, name: str) -> None:
        object.__setattr__(self, "_far", (peer, key))
        object.__setattr__(self, "__name__", name)

    def __repr__(self) -> str:
        return f"<{self.__name__} of the answer>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _ask(self, "call", args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _ask(self, "get", name)

    def __setattr__(self, name: str, value: Any) -> None:
        _ask(self, "set", name, value)

    def __getitem__(self, place: Any) -> Any:
        return _ask(self, "item", place)

    def __len__(self) -> int:
        return int(_ask(self, "len"))

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Any:
        return _ask(self, "iter")

    def __next__(self) -> Any:
        return _ask(self, "next")

    def __enter__(self) -> Any:
        return _ask(self, "call_method", "__enter__")

    def __exit__(self, *about: Any) -> None:
        _ask(self, "call_method", "__exit__", None, None, None)


def _ask(far: Far, op: str, *parts: Any) -> Any:
    peer, key = object.__getattribute__(far, "_far")
    return peer.request(op, [key, *(peer.encode(p) for p in parts)])
