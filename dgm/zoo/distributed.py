"""Several processes that train one model, each on its share of the data, as `torchrun` starts them.

A process that was started alone is a group of one: nothing here then does anything.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import distributed, nn


@contextmanager
def process_group(device: str) -> Iterator[None]:
    """Be one of the processes of `torchrun`, if it started this one, each with a GPU of its own.

    Gradients are averaged by NCCL on GPUs and by Gloo on CPUs; what else is said, by Gloo.
    """
    if not distributed.is_torchelastic_launched():
        yield
        return
    if device == "cuda":
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    distributed.init_process_group("cpu:gloo,cuda:nccl" if device == "cuda" else "gloo")
    try:
        yield
    finally:
        distributed.destroy_process_group()


def rank() -> int:
    """Which process this is; number 0 alone writes and shows the progress."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def world_size() -> int:
    """How many processes there are."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def share(x: torch.Tensor) -> torch.Tensor:
    """The rows of `x` that are this process's own."""
    return x[rank() :: world_size()]


def share_of_batch(size: int) -> int:
    """How many rows of a batch are this process's own.

    Raises:
        ValueError: if the processes cannot share the batch.
    """
    if size % world_size():
        raise ValueError(f"{world_size()} processes cannot share a batch of {size}")
    return size // world_size()


def data_parallel(net: nn.Module) -> nn.Module:
    """The network, whose gradients are the mean of those of all processes."""
    if not distributed.is_initialized():
        return net
    return nn.parallel.DistributedDataParallel(net)


def in_any(*flags: bool) -> list[bool]:
    """For each flag whether it is set in any process: so that all of them do the same."""
    if not distributed.is_initialized():
        return list(flags)
    found = torch.tensor(flags, dtype=torch.int32)
    distributed.all_reduce(found, distributed.ReduceOp.MAX)
    return found.bool().tolist()


def of_all(mine: Any) -> list[Any]:
    """What each process has, in the order of their ranks."""
    everyone = [mine] * world_size()
    if distributed.is_initialized():
        distributed.all_gather_object(everyone, mine)
    return everyone
