"""The families side by side in the plane, on a mixture of Gaussians whose density is known.

Each family trains for the same time, and is measured against the truth: modes, quality, nats
beside the entropy, distance, time of a sample.

    for row in compare(GaussianMixture.eight(), seeds=range(3)):
        print(row["family"], row["modes"], row["nats"], row["entropy"])

Taught in: chapter 09.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from time import process_time
from typing import Any

import torch
from torch import Generator, Tensor

from dgm.evaluate import modes_covered, precision_recall
from dgm.exact.gaussians import GaussianMixture
from dgm.validate import shapes
from dgm.zoo.plane_models import (
    Fitted,
    fit_ddpm,
    fit_flow,
    fit_gan,
    fit_mixture,
    fit_vae,
    log_density,
)

FAMILIES: dict[str, tuple[Callable[[Tensor, int, Generator], Fitted], int]] = {
    "vae": (fit_vae, 1300),
    "gan": (fit_gan, 1000),
    "flow": (fit_flow, 600),
    "ddpm": (fit_ddpm, 1400),
    "mixture": (fit_mixture, 100),
}  # and steps that take equal time, but for the mixture's, which are few and short


@shapes(x="B 2: float")
def fit(name: str, x: Tensor, seed: int = 0, steps: int | None = None) -> Fitted:
    """Train a family on points of the plane.

    Args:
        name: one of `FAMILIES`.
        x: (B, 2) data; they are centred and divided by their spread before the training.
        seed: of the weights, the batches and the noise.
        steps: of the optimizer; else the family's own number, about two seconds of a core.

    Raises:
        ValueError: for another name, data that do not spread, or `steps` below 1.

    Taught in: chapter 09.
    """
    if name not in FAMILIES:
        raise ValueError(f"name is {name!r}, wanted one of {', '.join(FAMILIES)}")
    how, usual = FAMILIES[name]
    if steps is not None and steps < 1:
        raise ValueError(f"steps is {steps}, wanted 1 or more")
    mean, scale = x.float().mean(0), x.float().std().item()
    if not scale > 0:
        raise ValueError(f"x has spread {scale}, wanted two points or more that differ")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)  # for the first weights
        start = process_time()
        fitted = how((x.float() - mean) / scale, steps or usual, Generator().manual_seed(seed))
        seconds = process_time() - start
    return replace(fitted, mean=mean, scale=scale, seconds=seconds)


@shapes(x="B D: float", y="M D: float")
def energy_distance(x: Tensor, y: Tensor) -> float:
    """An unbiased estimate of 2 E|x - y| - E|x - x'| - E|y - y'| from two sets of points.

    It is 0 only for equal distributions; for two sets of one distribution it is 0 on average, so
    often a little below.

    Source: Szekely and Rizzo 2013 (J. Stat. Plan. Inference 143). Taught in: chapter 09.
    """
    within = [torch.cdist(a, a).sum() / (len(a) * (len(a) - 1)) for a in (x, y)]
    return (2 * torch.cdist(x, y).mean() - within[0] - within[1]).item()


def measure(
    fitted: Fitted, truth: GaussianMixture, n: int = 2000, seed: int = 0
) -> dict[str, float | None]:
    """What a model is worth beside the truth, with n fresh points of each.

    Args:
        fitted: of `fit`, or `known(truth)` for the best values that there are.
        truth: a mixture of components of equal variance in the plane.
        n: how many points.
        seed: of both draws: the truth's points are the same for all models with one seed.

    Returns:
        "modes" and "good" (share) of `modes_covered`; "energy" of `energy_distance`; "precision"
        and "recall"; "nats", minus the mean log-density of the truth's points (None for no
        likelihood; too large for a lower bound), and "entropy", the same of the truth: their
        difference estimates KL(truth || model); "microseconds" of processor time a sample.

    Taught in: chapter 09.
    """
    g = Generator().manual_seed(seed)
    x = truth.sample(n, g)
    fitted.sample(1, g)  # the first call is slow
    start = process_time()
    x_fake = fitted.sample(n, g)
    spent = process_time() - start
    modes, good = modes_covered(x_fake, truth.means, float(truth.variances.max().sqrt()))
    precision, recall = precision_recall(x, x_fake)
    own = fitted.log_prob(x, g)
    return {
        "modes": modes,
        "good": good,
        "energy": energy_distance(x, x_fake),
        "precision": precision,
        "recall": recall,
        "nats": None if own is None else -own.mean().item(),
        "entropy": -log_density(truth, x).mean().item(),
        "microseconds": 1e6 * spent / n,
    }


def compare(
    truth: GaussianMixture,
    seeds: Iterable[int] = range(10),
    families: Iterable[str] = ("vae", "gan", "flow", "ddpm"),
    n: int = 2000,
    rows: int = 10_000,
) -> Iterator[dict[str, Any]]:
    """Train and measure each family with each seed, side by side; yields a row of each.

    Args:
        truth: from which `rows` points are drawn anew with each seed, the same for all families.
        seeds, families: which.
        n: as in `measure`.
        rows: of the training data.

    Yields:
        What `measure` gives, and "family", "seed", "likelihood", "calls", "parameters", "seconds".

    Taught in: chapter 09.
    """
    families = list(families)
    for seed in seeds:
        x = truth.sample(rows, Generator().manual_seed(1000 + seed))
        for name in families:
            fitted = fit(name, x, seed)
            about = ("likelihood", "calls", "parameters", "seconds")
            row = {"family": name, "seed": seed} | {key: getattr(fitted, key) for key in about}
            yield row | measure(fitted, truth, n)
