"""Distributions in the plane whose shape is known: what a generative model draws can be seen."""

import math

import torch

EIGHT_RADIUS = 2.0
EIGHT_SIGMA = 0.1


def eight_centers() -> torch.Tensor:
    """The means (8, 2) of `eight_gaussians`, on a circle of radius `EIGHT_RADIUS`.

    Example:
        >>> eight_centers()[0].tolist()
        [2.0, 0.0]
    """
    angle = torch.arange(8) * math.pi / 4
    return EIGHT_RADIUS * torch.stack([angle.cos(), angle.sin()], dim=1)


def eight_gaussians(n: int, generator: torch.Generator | None = None) -> torch.Tensor:
    """Draw (n, 2) from eight Gaussians of equal weight and standard deviation `EIGHT_SIGMA`.

    Example:
        >>> eight_gaussians(5).shape
        torch.Size([5, 2])
    """
    k = torch.randint(8, (n,), generator=generator)
    return eight_centers()[k] + EIGHT_SIGMA * torch.randn(n, 2, generator=generator)


def moons(n: int, generator: torch.Generator | None = None) -> torch.Tensor:
    """Draw (n, 2) from two half circles of radius 1, one in the other, with noise of 0.1.

    Example:
        >>> moons(5).shape
        torch.Size([5, 2])
    """
    angle = math.pi * torch.rand(n, generator=generator)
    side = 2.0 * torch.randint(2, (n,), generator=generator) - 1  # 1: above, -1: below
    x1 = side * (angle.cos() - 0.5)
    x2 = side * (angle.sin() - 0.25)
    return torch.stack([x1, x2], dim=1) + 0.1 * torch.randn(n, 2, generator=generator)


def swiss_roll(n: int, generator: torch.Generator | None = None) -> torch.Tensor:
    """Draw (n, 2) from a spiral of radius 2/3 to 2, at a uniform angle, with noise of 0.05.

    Example:
        >>> swiss_roll(5).shape
        torch.Size([5, 2])
    """
    angle = 1.5 * math.pi * (1 + 2 * torch.rand(n, generator=generator))
    spiral = torch.stack([angle.cos(), angle.sin()], dim=1) * angle[:, None] / (2.25 * math.pi)
    return spiral + 0.05 * torch.randn(n, 2, generator=generator)


def checkerboard(n: int, generator: torch.Generator | None = None) -> torch.Tensor:
    """Draw (n, 2), uniform on every other square of a board of four by four on [-2, 2]^2.

    Example:
        >>> bool((checkerboard(100).abs() <= 2).all())
        True
    """
    x1 = 4 * torch.rand(n, generator=generator) - 2
    upper = 2 * torch.randint(2, (n,), generator=generator)  # the upper or the lower half
    x2 = torch.rand(n, generator=generator) + upper + x1.floor() % 2 - 2
    return torch.stack([x1, x2], dim=1)


TOYS = {f.__name__: f for f in (moons, eight_gaussians, swiss_roll, checkerboard)}


def toy(name: str, n: int, generator: torch.Generator | None = None) -> torch.Tensor:
    """Draw points of a toy distribution in the plane.

    Args:
        name: "moons", "eight_gaussians", "swiss_roll" or "checkerboard".
        n: how many.
        generator: where the randomness comes from.

    Returns:
        (n, 2) float32.

    Raises:
        ValueError: for another name, or n below 1.

    Taught in: chapter 01.

    Example:
        >>> toy("moons", 5).shape
        torch.Size([5, 2])
    """
    if name not in TOYS:
        raise ValueError(f"name is {name!r}, wanted one of {', '.join(TOYS)}")
    if n < 1:
        raise ValueError(f"n is {n}, wanted 1 or more")
    return TOYS[name](n, generator)
