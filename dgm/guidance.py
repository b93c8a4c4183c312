"""Classifier-free guidance: one network learns with and without its condition, and both steer.

    eps = (1 + w) eps(x_t, t, c) - w eps(x_t, t)

points to where log p(x_t|c) + w log p(c|x_t) is high: no classifier is needed. The same holds
for networks that predict x0 or v.

Source: Ho and Salimans 2022 (arXiv 2207.12598). Taught in: chapter 08.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import torch
from torch import nn

from dgm.data.batches import parts
from dgm.ddpm import Weight, ddpm_loss
from dgm.nn.descent import descend
from dgm.nn.ema import EMA
from dgm.schedule import NoiseSchedule
from dgm.validate import shapes

ConditionalModel = Callable[..., torch.Tensor]  # model(xt, t, cond, ...)


@shapes(y="B *K")
def drop_labels(
    y: torch.Tensor,
    p: float,
    null: int | torch.Tensor,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Put the null condition in place of each row's own with probability p.

    A network trained on what comes back learns both eps(x_t, t, c) and eps(x_t, t).

    Args:
        y: (B,) labels, or conditions of any other kind, (B, *K); not changed.
        p: the probability, 0 to 1; rows are drawn independently of each other.
        null: the condition that means "none": a number, or a tensor (*K).
        generator: where the randomness comes from; on the device of `y`.

    Returns:
        (B, *K), of the dtype of `y`.

    Raises:
        ValueError: if `p` is not in 0..1, or `null` does not fit a row of `y`.

    Source: Ho and Salimans 2022 (arXiv 2207.12598), algorithm 1, line 3. Taught in: chapter 08.

    Example:
        >>> drop_labels(torch.tensor([3, 7]), p=1.0, null=10).tolist()
        [10, 10]
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p is {p}, wanted 0 to 1")
    dropped = torch.rand(len(y), generator=generator, device=y.device) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)


def null_like(null: int | torch.Tensor, cond: torch.Tensor) -> torch.Tensor:
    """The null condition, a number or (*K), as often as there are rows in `cond` (B, *K).

    Raises:
        ValueError: if it does not fit.

    Example:
        >>> null_like(10, torch.tensor([3, 7])).tolist()
        [10, 10]
    """
    row = torch.as_tensor(null, dtype=cond.dtype, device=cond.device)
    if row.shape != cond.shape[1:]:
        raise ValueError(
            f"null has shape {tuple(row.shape)}, wanted that of one condition, "
            f"{tuple(cond.shape[1:])}: the conditions have shape {tuple(cond.shape)}"
        )
    return row.expand_as(cond)


class ClassifierFreeGuidance(nn.Module):
    """A conditional network whose prediction is pushed away from the unconditional one.

    eps = (1 + w) eps(x_t, t, cond) - w eps(x_t, t, null). w = 0 is plain conditional, w = -1
    unconditional; above 0, samples fit their condition better and differ less from each other.

    Args:
        model: any callable `model(xt, t, cond)`, trained with dropped labels.
        w: the weight.
        null: the condition that means "none": a number, or a tensor (*K).

    Source: Ho and Salimans 2022 (arXiv 2207.12598), eq. 6. Taught in: chapter 08.

    Example:
        >>> guided = ClassifierFreeGuidance(lambda xt, t, y: y * xt, w=2.0, null=1)
        >>> guided(torch.ones(1), torch.tensor([1]), torch.tensor([3])).tolist()
        [7.0]
    """

    def __init__(self, model: ConditionalModel, w: float, null: int | torch.Tensor) -> None:
        super().__init__()
        self.model, self.w, self.null = model, w, null
        self.training = getattr(model, "training", False)

    def forward(
        self, xt: torch.Tensor, t: torch.Tensor, cond: torch.Tensor, *also: torch.Tensor
    ) -> torch.Tensor:
        """From xt (B, *D), t (B,) and cond (B, *K) to (B, *D).

        What else the network is given, as a control (B, ...), both predictions are given.

        Raises:
            ValueError: if `null` does not fit a row of `cond`.
        """
        conds = torch.cat([cond, null_like(self.null, cond)])  # (2 B, *K): one call for both
        twice = (torch.cat([a, a]) for a in also)
        both = self.model(torch.cat([xt, xt]), torch.cat([t, t]), conds, *twice)
        eps_cond, eps_uncond = both.chunk(2)
        return (1 + self.w) * eps_cond - self.w * eps_uncond


class Given(nn.Module):
    """`model(xt, t)` of a model with conditions: what `given` makes.

    Example:
        >>> model = Given(lambda xt, t, y: y * xt, [torch.tensor([3, 7])])
        >>> model(torch.ones(2), torch.tensor([1, 1])).tolist()
        [3.0, 7.0]
    """

    def __init__(self, model: ConditionalModel, conditions: Sequence[torch.Tensor]) -> None:
        super().__init__()
        self.model, self.conditions = model, tuple(conditions)
        self.training = getattr(model, "training", False)

    def forward(self, xt: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        """From xt (B, *D) and t (B,) to (B, *D)."""
        for cond in self.conditions:
            if len(cond) != len(xt):
                raise ValueError(
                    f"the condition has {len(cond)} rows and xt {len(xt)}, wanted one for each"
                )
        return self.model(xt, t, *self.conditions)


def given(model: ConditionalModel, *conditions: torch.Tensor) -> Given:
    """A model with its conditions filled in, as samplers and losses call it: `model(xt, t)`.

        ddpm_sample(given(model, y), schedule, (len(y), *D), generator)

    Args:
        model: any callable `model(xt, t, cond, ...)`, as a U-Net or `ClassifierFreeGuidance`.
        conditions: what follows t, a row for each row of x_t: (B, ...) each.

    Returns:
        A network with the parameters of `model`, which stays in its mode.

    Taught in: chapter 08.

    Example:
        >>> model = given(lambda xt, t, y: y * xt, torch.tensor([3, 7]))
        >>> model(torch.ones(2), torch.tensor([1, 1])).tolist()
        [3.0, 7.0]
    """
    return Given(model, conditions)


def conditional_train(
    model: nn.Module,
    loader: Iterable[Sequence[torch.Tensor]],
    schedule: NoiseSchedule,
    optimizer: torch.optim.Optimizer,
    null: int | torch.Tensor,
    p: float = 0.1,
    *,
    ema: EMA | None = None,
    predicts: str = "eps",
    weight: Weight | None = None,
    generator: torch.Generator | None = None,
) -> Iterator[float]:
    """`dgm.ddpm.ddpm_train` with conditions, each dropped with probability p; yields the losses.

    Args:
        model: what is trained, called as `model(xt, t, cond, ...)`; put into training mode.
        loader: batches (x0, cond) or (x0, cond, control): (B, *D), (B, *K), (B, ...). The
            control is never dropped.
        schedule: the noise schedule.
        optimizer: over the parameters to train.
        null: the condition that means "none": a number, or a tensor (*K).
        p: how often a condition is dropped.
        ema: a moving average of the model, updated after each step.
        predicts, weight: as in `dgm.ddpm.ddpm_loss`.
        generator: where the drops, then the steps and the noise come from.

    Source: Ho and Salimans 2022 (arXiv 2207.12598), algorithm 1. Taught in: chapter 08.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> from dgm.nn.unet import UNet
        >>> model, batch = UNet(width=8, classes=3), (torch.zeros(2, 1, 4, 4), torch.tensor([0, 1]))
        >>> optimizer, schedule = torch.optim.Adam(model.parameters()), NoiseSchedule.linear()
        >>> len(list(conditional_train(model, [batch] * 3, schedule, optimizer, null=2)))
        3
    """

    def losses() -> Iterator[torch.Tensor]:
        for batch in loader:
            x0, cond, *also = parts(batch, 2)
            told = given(model, drop_labels(cond, p, null, generator), *also)
            yield ddpm_loss(told, x0, schedule, generator, predicts=predicts, weight=weight)

    for loss in descend(model, losses(), optimizer):
        if ema is not None:
            ema.update(model)
        yield loss
