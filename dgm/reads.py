"""What a network can read: its input, looked at before torch meets it.

An error then names the argument, what came and what is wanted.
"""

from functools import partial
from itertools import chain
from typing import Any, TypeVar

import torch
from torch import nn

Net = TypeVar("Net", bound=nn.Module)


def takes(net: Net, name: str, *event: int) -> Net:
    """The network, which from now on refuses by name what it was not built for.

    Args:
        net: called with one tensor, (B, *event), of the dtype of its own parameters.
        name: what that is called; without an `event` its dtype alone is looked at.

    Example:
        >>> takes(torch.nn.Linear(2, 1), "x", 2)(torch.zeros(5, 3))
        Traceback (most recent call last):
        ValueError: x has shape (5, 3), wanted (B, 2)
    """
    net.register_forward_pre_hook(partial(_look_at_first, name, event))
    return net


def _look_at_first(name: str, event: tuple[int, ...], net: nn.Module, args: tuple[Any]) -> None:
    if args:
        check_input(net, name, args[0], *event)


def check_input(net: nn.Module, name: str, x: Any, *event: int) -> None:
    """Raise ValueError unless the network can read x (B, *event): by type, shape and dtype.

    Example:
        >>> check_input(torch.nn.Linear(2, 1), "x", torch.zeros(5, 3), 2)
        Traceback (most recent call last):
        ValueError: x has shape (5, 3), wanted (B, 2)
    """
    if torch.compiler.is_compiling():
        return
    wanted = f"(B, {', '.join(map(str, event)) or '*D'})"
    if not isinstance(x, torch.Tensor):
        raise ValueError(f"{name} is of type {type(x).__name__}, wanted a torch.Tensor {wanted}")
    rank = x.ndim == len(event) + 1 or len(event) < 2
    if event and (x.shape[-len(event) :] != event or not rank):
        raise ValueError(f"{name} has shape {tuple(x.shape)}, wanted {wanted}")
    check_dtype(net, name, x)


def check_dtype(net: nn.Module, name: str, x: torch.Tensor) -> None:
    """Raise ValueError unless x has the dtype of the network; under autocast any will do.

    Example:
        >>> check_dtype(torch.nn.Linear(2, 1), "x", torch.zeros(5, 2).double())
        Traceback (most recent call last):
        ValueError: x is torch.float64, but the network is torch.float32: convert one with .to()
    """
    like = next(chain(net.parameters(), net.buffers()), x)
    if x.dtype != like.dtype and not torch.is_autocast_enabled(x.device.type):
        raise ValueError(
            f"{name} is {x.dtype}, but the network is {like.dtype}: convert one with .to()"
        )
