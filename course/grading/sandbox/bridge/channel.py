"""Messages between the judge and the guest: a length, then msgpack. No pickle comes from a guest.

Both sides use this file; it stands alone, so that the sandbox needs nothing else of `course`.
"""

import contextlib
import socket
import struct
from collections.abc import Iterator
from typing import Any

import msgpack

LARGEST = 64 * 2**20  # bytes a message
_HEAD = struct.Struct("!Q")


class Gone(BaseException):
    """The other side is dead, hangs, or says what is no message. No `except Exception` stops it."""


class TimedOut(Gone):
    """The other side has taken longer than it may."""


class Channel:
    """One end of a socket on which each side sends whole messages, and only one talks at a time."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end

    def send(self, message: Any) -> None:
        """Send `message`; raises `Gone` where nobody listens, `ValueError` where it is too large."""
        body = msgpack.packb(message)
        if len(body) > LARGEST:
            raise ValueError(
                f"{len(body) / 2**20:.0f} MiB is more than an answer may return or be given "
                f"({LARGEST / 2**20:.0f} MiB)"
            )
        try:
            self.end.sendall(_HEAD.pack(len(body)) + body)
        except TimeoutError:
            raise TimedOut("timed out") from None
        except OSError as problem:
            raise Gone(str(problem)) from None

    def receive(self) -> Any:
        """The next message; raises `Gone` where there will be none."""
        (size,) = _HEAD.unpack(self._exactly(_HEAD.size))
        if size > LARGEST:
            raise Gone(f"a message of {size} bytes is announced")
        try:
            return msgpack.unpackb(self._exactly(size), strict_map_key=False)
        except (ValueError, msgpack.exceptions.ExtraData, RecursionError) as problem:
            raise Gone(f"what came is no message: {problem}") from None

    def _exactly(self, size: int) -> bytearray:
        found = bytearray(size)
        view = memoryview(found)
        while view:
            try:
                got = self.end.recv_into(view)
            except TimeoutError:
                raise TimedOut("timed out") from None
            except OSError as problem:
                raise Gone(str(problem)) from None
            if not got:
                raise Gone("the process has ended")
            view = view[got:]
        return found

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Calls inside raise `TimedOut` when any one wait takes longer than `seconds`."""
        before = self.end.gettimeout()
        self.end.settimeout(seconds)
        try:
            yield
        finally:
            self.end.settimeout(before)
