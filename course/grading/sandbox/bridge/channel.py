"""Messages between the judge and the guest: a length, then msgpack. No pickle comes from a guest.

Both sides use this file; with the rest of `bridge` it stands alone, so that the sandbox needs
nothing else of `course`.
"""

import contextlib
import socket
import struct
import time
from collections.abc import Iterator
from typing import Any

import msgpack

from course.grading.sandbox.bridge.frames import MOST, measure
from course.grading.sandbox.bridge.gone import Dripping, Forged, Gone, TimedOut

__all__ = ["LARGEST", "Channel", "Dripping", "Forged", "Gone", "TimedOut"]

LARGEST = 64 * 2**20  # bytes a message
PIECE = 2**20  # bytes that are made ready at once: an announced length is a claim
_HEAD = struct.Struct("!Q")


class Channel:
    """One end of a socket on which each side sends whole messages, and only one talks at a time."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self.deadline: float | None = (
            None  # for all that is sent and received, as `monotonic` tells
        )

    def send(self, message: Any) -> None:
        """Send `message`; raises `Gone` where nobody listens, `ValueError` where it is too large."""
        body = msgpack.packb(message)
        if len(body) > LARGEST:
            raise ValueError(
                f"{len(body) / 2**20:.0f} MiB is more than an answer may return or be given "
                f"({LARGEST / 2**20:.0f} MiB)"
            )
        if len(body) > MOST:
            try:
                measure(body)
            except Forged as problem:
                raise ValueError(f"{problem}: hand over tensors, not lists of numbers") from None
        try:
            self._wait()
            self.end.sendall(_HEAD.pack(len(body)) + body)
        except TimeoutError:
            raise TimedOut("timed out") from None
        except OSError as problem:
            raise Gone(str(problem)) from None

    def tell(self, what: str) -> None:
        """Tell a guest that a check is at its "end", or that all are "over"."""
        self.send({"op": what, "parts": [], "sync": [], "grad": True})

    def receive(self) -> Any:
        """The next message; raises `Gone` where there will be none."""
        (size,) = _HEAD.unpack(self._exactly(_HEAD.size))
        if size > LARGEST:
            raise Forged(f"a message of {size} bytes is announced")
        body = self._exactly(size, begun=True)
        measure(body)
        try:
            return msgpack.unpackb(body, strict_map_key=False)
        except (ValueError, msgpack.exceptions.ExtraData, RecursionError, TypeError) as problem:
            raise Forged(f"what came is no message: {problem}") from None

    def _exactly(self, size: int, begun: bool = False) -> bytearray:
        found = bytearray()
        while len(found) < size:
            try:
                self._wait()
                piece = self.end.recv(min(size - len(found), PIECE))
            except TimeoutError:
                kind = Dripping if begun or found else TimedOut
                raise kind("timed out") from None
            except OSError as problem:
                raise Gone(str(problem)) from None
            if not piece:
                raise Gone("the process has ended")
            found += piece
        return found

    def _wait(self) -> None:
        """Let the next call on the socket wait until the deadline, and no longer."""
        if self.deadline is not None:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.end.settimeout(left)

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """One deadline for all calls inside, however many: past it they raise `TimedOut`."""
        before, latest = self.deadline, time.monotonic() + seconds
        self.deadline = latest if before is None else min(before, latest)
        try:
            yield
        finally:
            self.deadline = before
            self.end.settimeout(None)
