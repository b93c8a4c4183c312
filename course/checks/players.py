"""Two networks of a GAN, and what they are like after an answer has taken steps of one of them."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Generator, Tensor, nn

from course.checks import draw

STEEP = 100.0  # gradients long enough that a clip shows


def _points(norm: bool) -> tuple[nn.Module, nn.Module]:
    return _small(2, 2, norm), nn.Sequential(_small(2, 1, norm), nn.Flatten(0))


def _small(inputs: int, outputs: int, norm: bool) -> nn.Module:
    """With batch norm the rows of a call are mixed, and the last layer's gradient is steep."""
    first: list[nn.Module] = [nn.Linear(inputs, 8, bias=not norm)]
    last = nn.Linear(8, outputs)
    if norm:
        first.append(nn.BatchNorm1d(8))
        with torch.no_grad():
            first[1].weight *= STEEP  # type: ignore[operator]
            last.weight /= STEEP
    return nn.Sequential(*first, nn.LeakyReLU(0.2), last)


def _pictures() -> tuple[nn.Module, nn.Module]:
    up = nn.Unflatten(1, (2, 2, 2)), nn.ConvTranspose2d(2, 1, 4, stride=2, padding=1), nn.Tanh()
    down = nn.Conv2d(1, 3, 3, padding=1), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(48, 1)
    return nn.Sequential(nn.Linear(3, 8), *up), nn.Sequential(*down, nn.Flatten(0))


NETWORKS: dict[str, Callable] = {
    "batch norm": lambda: _points(norm=True),
    "plain": lambda: _points(norm=False),
    "pictures": _pictures,
}
OPTIMIZERS: dict[str, Callable] = {
    "SGD": lambda w: torch.optim.SGD(w, lr=0.002, momentum=0.9),
    "Adam": lambda w: torch.optim.Adam(w, lr=0.02, betas=(0.5, 0.999)),
    "RMSprop": lambda w: torch.optim.RMSprop(w, lr=0.01, eps=1e-3),
}


def play(
    answer: Callable,
    mover: str,
    g: Generator,
    rows: tuple[tuple[int, int], ...],
    networks: str = "batch norm",
    optimizer: str = "SGD",
    held: bool = True,
    dtype: torch.dtype = draw.DOUBLE,
    **options: Any,
) -> dict[str, Any]:
    """What is seen of steps of `mover`, "D" or "G", on as many data and codes as `rows` say.

    With `held` both networks hold gradients of steps before, else none. The running statistics of
    batch norm are not looked at: they hang on the order of the calls.
    """
    g = g.clone_state()
    torch.manual_seed(int(torch.randint(2**31, (1,), generator=g)))
    net_g, net_d = (net.to(dtype) for net in NETWORKS[networks]())
    mine, other = (net_d, net_g) if mover == "D" else (net_g, net_d)
    with torch.no_grad():
        list(net_d.parameters())[-1].sub_(1.0)  # a D that knows something
    opt = OPTIMIZERS[optimizer](mine.parameters())
    shape, codes = ((1, 4, 4), 3) if networks == "pictures" else ((2,), 2)
    seen: dict[str, Any] = {}
    for number, (n, m) in enumerate(rows, 1):
        x, z = 2 * draw.normal(g, n, *shape, dtype=dtype) + 1, draw.normal(g, m, codes, dtype=dtype)
        if held:
            for parameter in [*net_g.parameters(), *net_d.parameters()]:
                parameter.grad = draw.normal(g, *parameter.shape, dtype=dtype)
        before, chance = copy.deepcopy((x, z, weights(other), gradients(other))), torch.get_rng_state()  # fmt: skip
        given = (net_g, net_d, x, z, opt) if mover == "D" else (net_g, net_d, z, opt)
        loss = answer(*given, **options)
        step = f" (step {number})" if len(rows) > 1 else ""
        if mover == "D":
            seen[f"G's gradients are as they were{step}"] = same(gradients(other), before[3])
            seen[f"G's gradients{step}"] = gradients(other)
        seen |= {
            f"opt_{mover.lower()} has taken a step{step}": bool(opt.state),
            f"the other network's weights are as they were{step}": same(weights(other), before[2]),
            f"{mover}'s weights after the step{step}": weights(mine),
            f"the loss{step}": None if loss is None else float(torch.as_tensor(loss).detach()),
            f"the loss has a graph{step}": getattr(loss, "requires_grad", False),
            f"x and z are as they were{step}": same([x, z], before[:2]),
            f"torch's own generator is as it was{step}": torch.equal(chance, torch.get_rng_state()),
        }
    for name, net in (("G", net_g), ("D", net_d)):
        seen[f"{name} is in training mode"] = all(m.training for m in net.modules())
        seen[f"{name}'s parameters can learn"] = all(p.requires_grad for p in net.parameters())
    return seen


def weights(net: nn.Module) -> list[Tensor]:
    return [p.detach().clone() for p in net.parameters()]


def gradients(net: nn.Module) -> list[Tensor]:
    """The gradients that a network holds; none is an empty one."""
    return [torch.zeros(0) if p.grad is None else p.grad.clone() for p in net.parameters()]


def same(a: list[Tensor], b: Any) -> bool:
    return all(map(torch.equal, a, b))
