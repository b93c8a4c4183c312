"""An exponential moving average of a network's parameters: it samples better than the last step.

Source: Ho et al. 2020 (arXiv 2006.11239), appendix B. Taught in: chapter 06.
"""

import copy
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import torch
from torch import nn

from dgm.validate import is_half

P = ParamSpec("P")
R = TypeVar("R")


def networks_fit(function: Callable[P, R]) -> Callable[P, R]:
    """Check what `ema_update` is called with, before anything is changed.

    Example:
        >>> networks_fit(ema_update)(torch.nn.Linear(1, 2), torch.nn.Linear(2, 1), 0.9)
        Traceback (most recent call last):
        ValueError: ema and model have other parameters, wanted one architecture
    """

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        _check(*args, **kwargs)  # type: ignore[arg-type]
        return function(*args, **kwargs)

    return checked


@networks_fit
@torch.no_grad()
def ema_update(ema: nn.Module, model: nn.Module, decay: float) -> None:
    """Move the parameters of `ema` a little towards those of `model`, in place.

    theta_ema = decay theta_ema + (1 - decay) theta; buffers are copied.

    Args:
        ema: what changes.
        model: a network of the same architecture, which stays as it is.
        decay: 0 to 1.

    Raises:
        ValueError: if the networks differ, `ema` is in half precision, in which small steps are
            lost, or `decay` is not in 0..1; nothing is changed then.

    Source: Ho et al. 2020 (arXiv 2006.11239), appendix B. Taught in: chapter 06.

    Example:
        >>> ema, model = (torch.nn.ParameterList([torch.tensor(value)]) for value in (0.0, 1.0))
        >>> ema_update(ema, model, decay=0.75)
        >>> ema[0].item()
        0.25
    """
    for mean, new in zip(ema.parameters(), model.parameters(), strict=True):
        mean.mul_(decay).add_(new, alpha=1 - decay)
    for kept, now in zip(ema.buffers(), model.buffers(), strict=True):
        kept.copy_(now)


class EMA:
    """A moving average of a network while it is trained, in evaluation mode: `.model`.

    The decay warms up, min(decay, (1 + n) / (10 + n)) at update n = 0, 1, ...: the first
    weights are forgotten soon. Of a network in half precision the average is in float32.

    Args:
        model: the network; it is copied.
        decay: 0 to 1.

    Raises:
        ValueError: if `decay` is not in 0..1.

    Taught in: chapter 06.

    Example:
        >>> ema = EMA(torch.nn.ParameterList([torch.tensor(0.0)]))
        >>> ema.update(torch.nn.ParameterList([torch.tensor(1.0)]))
        >>> round(ema.model[0].item(), 4)
        0.9
    """

    def __init__(self, model: nn.Module, decay: float = 0.999) -> None:
        _check_decay(decay)
        self.model = copy.deepcopy(model).eval().requires_grad_(False)
        for kept in (*self.model.parameters(), *self.model.buffers()):
            if is_half(kept):
                kept.data = kept.data.float()
        self.decay, self.updates = decay, 0

    def update(self, model: nn.Module) -> None:
        """Take in the parameters of `model`: once after each step of the optimizer."""
        n = self.updates
        ema_update(self.model, model, min(self.decay, (1 + n) / (10 + n)))
        self.updates = n + 1

    def state_dict(self) -> dict[str, Any]:
        """All that `load_state_dict` needs to go on."""
        return {"model": self.model.state_dict(), "updates": self.updates, "decay": self.decay}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        self.model.load_state_dict(state["model"])
        self.updates, self.decay = state["updates"], state["decay"]


def _check_decay(decay: float) -> None:
    if not 0 <= decay <= 1:
        raise ValueError(f"decay is {decay}, wanted 0 to 1")


def _check(ema: nn.Module, model: nn.Module, decay: float) -> None:
    """Raise ValueError unless `ema` can become an average of `model`."""
    _check_decay(decay)
    for kind in ("parameters", "buffers"):
        mine, theirs = (list(getattr(net, kind)()) for net in (ema, model))
        if [a.shape for a in mine] != [a.shape for a in theirs]:
            raise ValueError(f"ema and model have other {kind}, wanted one architecture")
    narrow = [p.dtype for p in ema.parameters() if is_half(p)]
    if narrow:
        raise ValueError(f"ema is {narrow[0]}, in which small steps are lost: wanted ema.float()")
