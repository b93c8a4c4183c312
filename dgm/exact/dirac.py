"""The smallest GAN: the data are 0, the generator is one number, the discriminator a slope.

The generator puts all its samples on theta; the discriminator's logit is psi x; the data are
all 0. With f(t) = log sigmoid(-t) the value of the game is V = f(psi theta) + f(0), and its
only point of rest is (0, 0). The two players' gradients,

    d theta/dt = sigmoid(psi theta) psi,    d psi/dt = -sigmoid(psi theta) theta,

turn round it for ever, and steps of any length spiral away. What is added here damps them.

Source: Mescheder, Geiger and Nowozin 2018 (arXiv 1801.04406). Taught in: chapter 04.
"""

from collections.abc import Callable, Iterator

import numpy as np
import torch

KINDS = ("minimax", "non_saturating", "wasserstein")
METHODS = ("simultaneous", "alternating", "extragradient")

Field = Callable[[torch.Tensor], torch.Tensor]


def dirac_field(
    point: torch.Tensor, kind: str = "minimax", r1: float = 0.0, noise: float = 0.0
) -> torch.Tensor:
    """In which direction the two players go: (d theta/dt, d psi/dt) at (theta, psi).

    Args:
        point: (..., 2), theta and psi.
        kind: the generator's loss; "wasserstein" has f(t) = -t for both players.
        r1: the weight gamma of the penalty gamma/2 psi^2 on the discriminator's slope at the data.
        noise: the standard deviation of noise on data and samples.

    Returns:
        (..., 2). Near (0, 0) it is psi/2 and -theta/2 - (r1 + noise^2 / 2) psi for both losses
        of Goodfellow et al., so that r1 and noise damp alike.

    Raises:
        ValueError: for another kind or shape.

    Source: Mescheder et al. 2018 (arXiv 1801.04406), sections 2 and 3. Taught in: chapter 04.

    Example:
        >>> dirac_field(torch.tensor([1.0, 0.0])).tolist()
        [0.0, -0.5]
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}, wanted one of {KINDS}")
    if point.shape[-1:] != (2,):
        raise ValueError(f"point has shape {tuple(point.shape)}, wanted (..., 2)")
    theta, psi = point[..., None, :].unbind(-1)  # (..., 1) each, beside the noise
    nodes, weights = np.polynomial.hermite_e.hermegauss(40 if noise > 0 else 1)
    e = noise * torch.as_tensor(nodes, dtype=point.dtype, device=point.device)
    w = torch.as_tensor(weights / weights.sum(), dtype=point.dtype, device=point.device)
    fake, real = psi * (theta + e), psi * e  # logits; their means over the noise are sums over w
    if kind == "wasserstein":
        d_theta, d_psi = psi + 0 * e, -(theta + e) + e
    else:
        d_theta = psi * torch.sigmoid(fake if kind == "minimax" else -fake)
        d_psi = torch.sigmoid(-real) * e - torch.sigmoid(fake) * (theta + e)
    return torch.stack([(w * d_theta).sum(-1), (w * d_psi).sum(-1) - r1 * psi[..., 0]], dim=-1)


def dirac_path(
    field: Field, start: torch.Tensor, lr: float, method: str = "simultaneous"
) -> Iterator[torch.Tensor]:
    """Play, and yield the point after each step, for ever.

    "simultaneous": both step from the same point. "alternating": the discriminator first, then
    the generator, who sees its step, as in Algorithm 1 of Goodfellow et al. "extragradient": both
    step by the field at the point that a simultaneous step would reach.

    Args:
        field: from points (..., 2) to their direction, as `dirac_field`.
        start: (..., 2), theta and psi.
        lr: the length of a step.
        method: one of the three.

    Raises:
        ValueError: for another method.

    Source: Mescheder et al. 2018, section 2; Gidel et al. 2019 (arXiv 1802.10551).
    Taught in: chapter 04.

    Example:
        >>> path = dirac_path(lambda point: -point, torch.ones(2), lr=0.5)
        >>> [next(path).tolist() for _ in range(2)]
        [[0.5, 0.5], [0.25, 0.25]]
    """
    if method not in METHODS:
        raise ValueError(f"method is {method!r}, wanted one of {METHODS}")
    point, only_theta, only_psi = start, start.new_tensor([1.0, 0.0]), start.new_tensor([0.0, 1.0])
    while True:
        if method == "simultaneous":
            point = point + lr * field(point)
        elif method == "alternating":
            point = point + lr * only_psi * field(point)
            point = point + lr * only_theta * field(point)
        else:
            point = point + lr * field(point + lr * field(point))
        yield point


def eigenvalues(field: Field, point: torch.Tensor) -> torch.Tensor:
    """The two complex eigenvalues (2,) of the field's Jacobian at a point (2,).

    A real part below 0 draws the players to a point of rest; without a real part they go round
    it. A step of length h multiplies by 1 + h lambda, whose modulus is then above 1.

    Source: Mescheder et al. 2018 (arXiv 1801.04406), lemma 2.3. Taught in: chapter 04.

    Example:
        >>> round_it = lambda point: torch.stack([point[1], -point[0]])
        >>> eigenvalues(round_it, torch.zeros(2)).imag.sort().values.tolist()
        [-1.0, 1.0]
    """
    jacobian = torch.autograd.functional.jacobian(field, point)
    return torch.linalg.eigvals(jacobian)
