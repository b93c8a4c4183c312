"""How any model of the zoo is trained: with a progress bar, checkpoints, and a way to stop."""

import platform
import time
from typing import Any

import torch
from torch import nn
from tqdm import tqdm

from dgm.zoo.checkpoints import Checkpoint, asked_to_stop
from dgm.zoo.distributed import in_any, rank
from dgm.zoo.models import Recipe


def train(
    recipe: Recipe,
    x: torch.Tensor,
    y: torch.Tensor,
    seed: int = 0,
    steps: int | None = None,
    minutes: float | None = None,
    checkpoint: Checkpoint | None = None,
    device: str = "cpu",
    every: float = 60.0,
) -> tuple[nn.Module, int]:
    """Build and train a model, with a progress bar; returns it and the number of steps done.

    Raises:
        KeyboardInterrupt: when asked to stop; the checkpoint is written by then.
    """
    checkpoint = checkpoint or Checkpoint()
    torch.manual_seed(seed)  # the first weights
    model: Any = recipe.build().to(device)
    if rank() > 0:
        torch.manual_seed(seed + rank())  # what is drawn from now on
    total = steps or recipe.steps
    generator = torch.Generator(device).manual_seed(seed + rank())
    mean = None
    with (
        asked_to_stop() as asked,
        tqdm(
            total=total, initial=checkpoint.step, unit="step", mininterval=1.0, disable=rank() > 0
        ) as bar,
    ):
        written = time.monotonic()
        for loss in recipe.train(model, x, y, total, generator, checkpoint):
            checkpoint.count()
            mean = loss if mean is None else 0.98 * mean + 0.02 * loss
            bar.set_postfix(loss=f"{mean:.4g}", refresh=False)
            bar.update()
            late = minutes is not None and checkpoint.seconds > 60 * minutes
            stop, end, due = in_any(asked.is_set(), late, time.monotonic() - written > every)
            if stop or due:
                checkpoint.write()
                written = time.monotonic()
            if stop:
                raise KeyboardInterrupt(f"stopped after step {checkpoint.step}")
            if end:
                break
        checkpoint.write()  # what follows takes time, too
    return model, checkpoint.step


def machine(device: str = "cpu", processes: int = 1) -> str:
    """What the training ran on, in words."""
    threads = torch.get_num_threads()
    where = f"{threads} thread{'s' * (threads > 1)} of a CPU ({platform.machine()})"
    if device == "cuda":
        where = torch.cuda.get_device_name()
    times = f"{processes} processes, each on " if processes > 1 else ""
    return f"{times}{where}, torch {torch.__version__.split('+')[0]}"


def rounded(metrics: dict[str, float]) -> dict[str, float]:
    """Metrics to five digits, as a card shows them."""
    return {key: float(f"{value:.5g}") for key, value in metrics.items()}
