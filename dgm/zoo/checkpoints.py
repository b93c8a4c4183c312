"""Checkpoints: a training that was stopped, or killed, goes on as if it had not been.

A checkpoint is one file: a SHA-256, and what `torch.save` makes of the options of the training,
of the step it is at, and of the state of all that its steps change: networks, optimizers,
averages, the place in the data, randomness.
"""

import hashlib
import io
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import torch

from dgm.data.batches import Minibatches
from dgm.zoo.distributed import of_all, rank

AGAIN = "to begin again: --fresh"


class Stateful(Protocol):
    """A module, an optimizer, a moving average."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: Any) -> Any: ...


class CheckpointError(Exception):
    """A checkpoint from which this training cannot go on; says why, and what to do."""


class Checkpoint:
    """Keeps what a training needs to go on, and brings it back.

    A recipe names, once and when all is set up, what its steps change:

        checkpoint.resume(data, model=model, optimizer=optimizer)

    From then on each of them is as the checkpoint has it, if there is one, and so is torch's own
    randomness. The steps begin after `checkpoint.step`.

    Args:
        path: the file; None keeps nothing.
        options: what the result depends on: numbers, strings and None by name.

    Attributes:
        step: steps done.
        seconds, processor_seconds: how long they took, in all runs.

    Raises:
        CheckpointError: if the file is damaged, or of a training with other options.
    """

    def __init__(self, path: Path | None = None, options: Mapping[str, Any] | None = None) -> None:
        self.path, self.options = path, dict(options or {})
        self.step, self.seconds, self.processor_seconds = 0, 0.0, 0.0
        self.data: Minibatches | None = None
        self.things: dict[str, Stateful] = {}
        self.saved = read(path) if path and path.exists() else None
        if self.saved is not None:
            _compare(path, self.saved["options"], self.options)
            self.step, self.seconds, self.processor_seconds = self.saved["progress"]
        self.clocks = time.monotonic(), time.process_time()

    def resume(self, data: Minibatches, **things: Stateful) -> None:
        """Take on the batches, of which each process has its own, and what all share."""
        self.data, self.things = data, things
        saved, self.saved = self.saved, None
        if saved is None:
            return
        try:
            for name, thing in things.items():
                thing.load_state_dict(saved["things"][name])
            own = saved["processes"][rank()]
            data.load_state_dict(own["data"])
        except (KeyError, IndexError, RuntimeError, ValueError) as error:
            reason = " ".join(str(error).split())[:200]
            raise CheckpointError(
                f"{self.path} does not fit what is trained ({reason}): the program has changed "
                f"since; {AGAIN}"
            ) from error
        torch.set_rng_state(own["rng"])
        if "cuda_rng" in own:
            torch.cuda.set_rng_state(own["cuda_rng"])

    def count(self) -> None:
        """One step more is done."""
        now = time.monotonic(), time.process_time()
        self.step += 1
        self.seconds += now[0] - self.clocks[0]
        self.processor_seconds += now[1] - self.clocks[1]
        self.clocks = now

    def write(self) -> None:
        """Write all of it: by the first process, but every one must call it."""
        if self.path is None or self.data is None:
            return
        own = {"data": self.data.state_dict(), "rng": torch.get_rng_state()}
        if torch.cuda.is_available():
            own["cuda_rng"] = torch.cuda.get_rng_state()
        processes = of_all(own)
        if rank() == 0:
            things = {name: thing.state_dict() for name, thing in self.things.items()}
            progress = (self.step, self.seconds, self.processor_seconds)
            state = {"options": self.options, "progress": progress}
            write(self.path, state | {"things": things, "processes": processes})


def write(path: Path, state: dict[str, Any]) -> None:
    """Write a checkpoint, whole or not at all: even a power cut leaves the old one or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    torch.save(state, buffer)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(hashlib.sha256(buffer.getbuffer()).digest())
        file.write(buffer.getbuffer())
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def read(path: Path) -> dict[str, Any]:
    """Read a checkpoint; nothing in it is run.

    Raises:
        CheckpointError: if a byte of it is not as it was written.
    """
    data = memoryview(path.read_bytes())
    if hashlib.sha256(data[32:]).digest() != data[:32]:
        raise CheckpointError(f"{path} is damaged, or no checkpoint; {AGAIN}")
    return torch.load(io.BytesIO(data[32:]), map_location="cpu", weights_only=True)


def remove(path: Path) -> None:
    """Take away a checkpoint, and what a kill may have left of one."""
    for old in (path, path.with_suffix(".part")):
        old.unlink(missing_ok=True)


@contextmanager
def asked_to_stop() -> Iterator[threading.Event]:
    """An event that Ctrl-C, or a polite kill, sets; a second Ctrl-C stops at once."""
    asked = threading.Event()
    old: dict[int, Any] = {}

    def note(number: int, frame: Any) -> None:
        asked.set()
        signal.signal(number, old[number])

    if threading.current_thread() is threading.main_thread():  # signals come to no other
        for number in (signal.SIGINT, signal.SIGTERM):
            old[number] = signal.signal(number, note)
    try:
        yield asked
    finally:
        for sent, handler in old.items():
            signal.signal(sent, handler)


def _compare(path: Path | None, was: dict[str, Any], now: dict[str, Any]) -> None:
    odd = [key for key in {**now, **was} if was.get(key) != now.get(key)]
    if odd:
        told = ", ".join(f"{key} was {was.get(key)} and is now {now.get(key)}" for key in odd)
        raise CheckpointError(
            f"{path} is of another training: {told}. "
            f"To go on with it, give the options it was begun with; {AGAIN}"
        )
