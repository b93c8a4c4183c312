"""Latent diffusion: an autoencoder makes images small, and DDPM runs on what it makes.

    z = s E(x),    x = D(z / s),    with a scale s that gives the latents variance 1.

The functions of `dgm.ddpm` are used as they are: latents are tensors like any other.

Source: Rombach et al. 2022 (arXiv 2112.10752). Taught in: chapter 07.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import torch

from dgm.autoencoder import reconstruction_loss
from dgm.data.batches import inputs
from dgm.ddpm import ddim_sample, ddpm_loss, ddpm_sample
from dgm.distributions import kl_standard_normal, reparameterize
from dgm.nn.descent import descend
from dgm.nn.first_stage import FirstStage
from dgm.sampling import Model
from dgm.schedule import NoiseSchedule
from dgm.validate import shapes

AT_ONCE = 1000  # images that are encoded together


class Stage(Protocol):
    """What can stand before a diffusion: `FirstStage`, or anything else with these two.

    Example:
        >>> from dgm.nn.first_stage import FirstStage
        >>> stage: Stage = FirstStage()
        >>> stage.decode(torch.zeros(1, 4, 7, 7)).shape
        torch.Size([1, 1, 28, 28])
    """

    def encode(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """From images to mu and logvar."""

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        """From codes to images."""


@shapes(x="B *D: float")
def first_stage_loss(
    first_stage: Stage,
    x: torch.Tensor,
    kl_weight: float = 1e-3,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """What training a first stage makes small: ||x - D(z)||^2 + kl_weight KL(q(z|x) || N(0, I)).

    z is one draw of q(z|x). Both terms are sums over the event and means over the batch, so that
    this is a VAE's loss with Gaussian likelihood, in units of 2 sigma^2.

    Args:
        first_stage: its `encode(x)` gives mu and logvar, its `decode(z)` an image.
        x: (B, *D) images.
        kl_weight: 0 gives a plain autoencoder, with noise that it can shrink to nothing.
        generator: where the noise of z comes from; on the device of `x`.

    Returns:
        A tensor without dimensions.

    Raises:
        ValueError: if `x` is no such tensor, or `kl_weight` is below 0.

    Source: Rombach et al. 2022 (arXiv 2112.10752), section 3.1 and appendix G. Taught in:
    chapter 07.

    Example:
        >>> from types import SimpleNamespace
        >>> blind = SimpleNamespace(encode=lambda x: (0 * x, 0 * x), decode=lambda z: 0 * z)
        >>> first_stage_loss(blind, torch.ones(4, 2)).item()
        2.0
    """
    if kl_weight < 0:
        raise ValueError(f"kl_weight is {kl_weight}, wanted 0 or more")
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype, device=mu.device)
    x_hat = first_stage.decode(reparameterize(mu, logvar, eps))
    return reconstruction_loss(x, x_hat) + kl_weight * kl_standard_normal(mu, logvar).mean()


def first_stage_train(
    model: FirstStage,
    loader: Iterable[Any],
    optimizer: torch.optim.Optimizer,
    kl_weight: float = 1e-3,
    generator: torch.Generator | None = None,
) -> Iterator[float]:
    """Train on each batch of `loader` with `first_stage_loss`, and yield the loss of each step.

    Args:
        model: what is trained; it is put into training mode.
        loader: batches x (B, C, H, W), or (x, y).
        optimizer: over the model's parameters.
        kl_weight: as in `first_stage_loss`.
        generator: where the noise comes from.

    Taught in: chapter 07.

    Example:
        >>> from dgm.nn.first_stage import FirstStage
        >>> model = FirstStage(width=8)
        >>> optimizer = torch.optim.Adam(model.parameters())
        >>> len(list(first_stage_train(model, [torch.zeros(2, 1, 4, 4)] * 3, optimizer)))
        3
    """
    losses = (first_stage_loss(model, x, kl_weight, generator) for x in inputs(loader))
    return descend(model, losses, optimizer)


@torch.no_grad()
@shapes(x="B *D: float")
def encode_latents(first_stage: Stage, x: torch.Tensor, scale: float) -> torch.Tensor:
    """The latents that the diffusion learns: the mean codes, times the scale.

    Args:
        first_stage: its `encode(x)` gives mu and logvar, each (B, *K).
        x: (B, *D) images.
        scale: what `latent_scale` gives.

    Returns:
        (B, *K), without a graph.

    Raises:
        ValueError: if `x` is no such tensor, or `scale` not above 0.

    Source: Rombach et al. 2022 (arXiv 2112.10752), appendix G. Taught in: chapter 07.

    Example:
        >>> from types import SimpleNamespace
        >>> tenfold = SimpleNamespace(encode=lambda x: (10 * x, 0 * x))
        >>> encode_latents(tenfold, torch.ones(1, 2), scale=0.5).tolist()
        [[5.0, 5.0]]
    """
    check_scale(scale)
    return torch.cat([first_stage.encode(part)[0] * scale for part in x.split(AT_ONCE)])


@shapes(x="B *D: float")
def latent_scale(first_stage: Stage, x: torch.Tensor) -> float:
    """The scale that gives the latents variance 1, the one that a noise schedule expects of data.

    1 / sigma, with sigma^2 the mean of (z - mean(z))^2 over all entries z of the mean codes
    of all images: one number, for all channels and places.

    Args:
        first_stage: its `encode(x)` gives mu and logvar, each (B, *K).
        x: (B, *D) images: some thousand of the training set.

    Returns:
        A number above 0.

    Raises:
        ValueError: if `x` is no such tensor, or all latents are the same.

    Source: Rombach et al. 2022 (arXiv 2112.10752), appendix G. Taught in: chapter 07.

    Example:
        >>> from types import SimpleNamespace
        >>> tenfold = SimpleNamespace(encode=lambda x: (10 * x, 0 * x))
        >>> latent_scale(tenfold, torch.tensor([[-1.0], [1.0]]))
        0.1
    """
    sigma = encode_latents(first_stage, x, 1.0).cpu().double().std(correction=0).item()
    if not sigma > 0:
        raise ValueError(f"the latents have standard deviation {sigma}, wanted some that differ")
    return 1 / sigma


@shapes(x="B *D: float")
def latent_loss(
    model: Model,
    first_stage: Stage,
    x: torch.Tensor,
    schedule: NoiseSchedule,
    scale: float,
    generator: torch.Generator | None = None,
    *,
    predicts: str = "eps",
) -> torch.Tensor:
    """What training a latent diffusion makes small: the loss of DDPM, on latents.

    `ddpm_loss` with the scaled mean codes of x in the place of data. The first stage stays as it
    is: no gradient reaches it.

    Args:
        model: any callable `model(zt, t)`, from (B, *K) and (B,) to (B, *K).
        first_stage, x, scale: as in `encode_latents`.
        schedule, generator, predicts: as in `ddpm_loss`.

    Returns:
        A tensor without dimensions.

    Raises:
        ValueError: if `x` is no such tensor, `scale` not above 0, or as `ddpm_loss` says.

    Source: Rombach et al. 2022 (arXiv 2112.10752), eq. 2. Taught in: chapter 07.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> from types import SimpleNamespace
        >>> stage, blind = SimpleNamespace(encode=lambda x: (2 * x, x)), lambda zt, t: 0 * zt
        >>> x, schedule = torch.ones(3, 2), NoiseSchedule.linear(T=10)
        >>> latent_loss(blind, stage, x, schedule, scale=0.5, predicts="x0").item()
        1.0
    """
    z = encode_latents(first_stage, x, scale)
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


@torch.no_grad()
def latent_sample(
    model: Model,
    first_stage: Stage,
    schedule: NoiseSchedule,
    shape: Sequence[int],
    scale: float,
    generator: torch.Generator | None = None,
    *,
    steps: int | None = None,
    eta: float = 0.0,
    predicts: str = "eps",
    clip: tuple[float, float] | None = None,
) -> torch.Tensor:
    """Draw latents by DDPM or DDIM, undo the scale, and decode.

    Args:
        model: any callable `model(zt, t)` on scaled latents; in evaluation mode.
        first_stage: its `decode(z)` gives an image.
        schedule: the noise schedule that the model was trained with.
        shape: (B, *K), of the latents.
        scale: the one that the latents were multiplied with.
        generator: where the randomness comes from; on the device of the model.
        steps: of DDIM; None takes all T of DDPM.
        eta: of DDIM.
        predicts: what the model predicts, "eps", "x0" or "v".
        clip: the range (lo, hi) of the scaled latents, if there is one.

    Returns:
        (B, *D) images, without a graph.

    Raises:
        ValueError: if `scale` is not above 0, or as `ddpm_sample` and `ddim_sample` say.

    Source: Rombach et al. 2022 (arXiv 2112.10752), section 3.2. Taught in: chapter 07.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> from types import SimpleNamespace
        >>> same, sure = SimpleNamespace(decode=lambda z: z), lambda zt, t: 3 + 0 * zt
        >>> x = latent_sample(sure, same, NoiseSchedule.linear(T=10), (2,), 0.5, predicts="x0")
        >>> x.round(decimals=3)
        tensor([6., 6.])
    """
    check_scale(scale)
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)


def check_scale(scale: float) -> None:
    """Raise ValueError unless it is a number above 0.

    Example:
        >>> check_scale(0.0)
        Traceback (most recent call last):
        ValueError: scale is 0.0, wanted a number above 0, as latent_scale gives
    """
    if not 0 < scale < float("inf"):
        raise ValueError(f"scale is {scale}, wanted a number above 0, as latent_scale gives")
