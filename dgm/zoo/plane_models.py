"""What each family is in the plane: a small network of the course's own, trained by its own loop.

Every `fit_*` takes data x (B, 2) of spread 1, a number of steps and a generator, and gives a
`Fitted`. The sizes, batches and learning rates were chosen by trial, for two seconds of training
on eight Gaussians, each family's by itself.

Taught in: chapter 09.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from sklearn.mixture import GaussianMixture as ScikitMixture
from torch import Generator, Tensor, nn

from dgm.data.batches import minibatches
from dgm.ddpm import ddim_sample, ddpm_sample, ddpm_train
from dgm.diffusion import posterior_mean_from_eps, q_sample
from dgm.distributions import normal_log_prob
from dgm.exact.gaussians import GaussianMixture
from dgm.flow import AffineCoupling, Flow, flow_train
from dgm.gan import gan_train
from dgm.nn.conditions import check_steps
from dgm.nn.ema import EMA
from dgm.nn.learning_rate import cosine, with_rate
from dgm.nn.networks import mlp, mlp_encoder_decoder
from dgm.nn.unet import timestep_embedding
from dgm.sampling import Model, estimate
from dgm.schedule import NoiseSchedule, reverse_variance
from dgm.vae import VAE, iwae_bound, sample, vae_train
from dgm.validate import shapes
from dgm.vlb import vlb

T = 200  # the diffusion's steps
CODES = 100  # of a point, in the VAE's bound


@dataclass(frozen=True)
class Fitted:
    """A trained model of points in the plane.

    Attributes:
        likelihood: what `log_prob` gives: "exact", "lower bound" or "none".
        calls: of a network, one after the other, for a sample.
        seconds: of processor time that the training took.
        losses: one of each step.
        parts: what was trained, by name; all work on data of mean 0 and spread 1.
    """

    draw: Callable[[int, Generator | None], Tensor]
    score: Callable[[Tensor, Generator | None], Tensor] | None
    likelihood: str
    calls: int
    losses: list[float] = field(default_factory=list)
    parts: dict[str, Any] = field(default_factory=dict)
    mean: Tensor | float = 0.0
    scale: float = 1.0
    seconds: float = 0.0

    @torch.no_grad()
    def sample(self, n: int, generator: Generator | None = None) -> Tensor:
        """Draw n points (n, 2)."""
        return self.mean + self.scale * self.draw(n, generator)

    @torch.no_grad()
    def log_prob(self, x: Tensor, generator: Generator | None = None) -> Tensor | None:
        """The log-density (B,) of x (B, 2), in nats, or a bound of it; None where there is none."""
        if self.score is None:
            return None
        score = self.score((x - self.mean) / self.scale, generator)
        return score - x.shape[1] * math.log(self.scale)

    @property
    def parameters(self) -> int:
        """How many numbers were learned."""
        total = 0
        for part in self.parts.values():
            tensors = part.parameters() if isinstance(part, nn.Module) else [part]
            total += sum(a.numel() for a in tensors if isinstance(a, Tensor))
        return total


def train(
    losses: Iterator[float], optimizers: list[Any], steps: int, hold: float = 0.0
) -> list[float]:
    """Run a training; after the share `hold` of its steps the learning rates fall along a cosine."""
    lr, kept = optimizers[0].param_groups[0]["lr"], hold * steps
    return list(
        with_rate(losses, optimizers, lambda i: lr * cosine(max(0, i - kept), steps - kept))
    )


def adam(net: nn.Module, lr: float, betas: tuple[float, float] = (0.9, 0.999)) -> torch.optim.Adam:
    """Adam, which treats all parameters of a network in one call."""
    return torch.optim.Adam(net.parameters(), lr, betas, fused=True)


def fit_vae(x: Tensor, steps: int, g: Generator) -> Fitted:
    """Chapter 03's: a Gaussian likelihood, whose sigma was chosen as the learning rate was."""
    model = VAE(*mlp_encoder_decoder((2,), 4, (64, 64)), 4, "gaussian", sigma=0.085)
    optimizer = adam(model, 2e-2)
    losses = vae_train(model, minibatches(x, 256, steps, g), optimizer, generator=g)
    return Fitted(
        losses=train(losses, [optimizer], steps),
        draw=lambda n, g: sample(model, n, g, noise=True),
        score=lambda x, g: iwae_bound(model, x, CODES, g),
        likelihood="lower bound",
        calls=1,
        parts={"model": model},
    )


def fit_gan(x: Tensor, steps: int, g: Generator) -> Fitted:
    """Chapter 04's: the non-saturating loss, and Adam without momentum (beta1 = 0)."""
    net_g, net_d = mlp([2, 128, 128, 2]), nn.Sequential(mlp([2, 128, 128, 1]), nn.Flatten(0))
    opt_g, opt_d = (adam(net, 2e-3, (0.0, 0.999)) for net in (net_g, net_d))
    batches = minibatches(x, 64, steps, g)
    game = gan_train(net_g, net_d, batches, opt_g, opt_d, latent_dim=2, generator=g)
    return Fitted(
        losses=train((loss for loss, _ in game), [opt_g, opt_d], steps, hold=0.5),
        draw=lambda n, g: net_g(torch.randn(n, 2, generator=g)),
        score=None,
        likelihood="none",
        calls=1,
        parts={"net_g": net_g, "net_d": net_d},
    )


def fit_flow(x: Tensor, steps: int, g: Generator) -> Fitted:
    """Six affine couplings that take turns in the coordinate that they keep."""
    model = Flow([AffineCoupling(2, 32, first=i % 2 == 0) for i in range(6)])
    optimizer = adam(model, 1e-2, (0.9, 0.99))
    losses = flow_train(model, minibatches(x, 256, steps, g), optimizer)
    return Fitted(
        losses=train(losses, [optimizer], steps),
        draw=model.sample,
        score=lambda x, g: model.log_prob(x),
        likelihood="exact",
        calls=1,
        parts={"model": model},
    )


class Denoiser(nn.Module):
    """A small network that is told the step. From xt (B, 2) and t (B,) to (B, 2)."""

    def __init__(self) -> None:
        super().__init__()
        self.net = mlp([2 + 16, 64, 64, 64, 2])

    def forward(self, xt: Tensor, t: Tensor) -> Tensor:
        """What `model(xt, t)` predicts, here the velocity v."""
        check_steps(t, len(xt))
        return self.net(torch.cat([xt, timestep_embedding(t * (1000 / T), 16)], 1))


def fit_ddpm(x: Tensor, steps: int, g: Generator) -> Fitted:
    """Chapter 06's: the cosine schedule, the velocity, and an average of the weights."""
    schedule, net = NoiseSchedule.cosine(T), Denoiser()
    ema, optimizer = EMA(net, 0.99), adam(net, 5e-3)
    batches = minibatches(x, 256, steps, g)
    losses = ddpm_train(net, batches, schedule, optimizer, ema=ema, predicts="v", generator=g)
    return Fitted(
        losses=train(losses, [optimizer], steps),
        draw=lambda n, g: ddpm_sample(
            ema.model, schedule, (n, 2), g, predicts="v", variance="beta"
        ),
        score=lambda x, g: ddpm_bound(ema.model, x, schedule, g, predicts="v", variance="beta"),
        likelihood="lower bound",
        calls=T,
        parts={"model": ema.model, "schedule": schedule},
    )


@torch.no_grad()
@shapes(x="B *D: number")
def ddpm_bound(
    model: Model,
    x: Tensor,
    schedule: NoiseSchedule,
    generator: Generator | None = None,
    *,
    predicts: str = "eps",
    variance: str = "beta",
) -> Tensor:
    """The variational bound (B,) on the log-density of data without grey levels.

    As in `dgm.vlb`, but log p(x_0|x_1) is the density of a Gaussian, not the mass of a bin.

    Source: Ho et al. 2020 (arXiv 2006.11239), eq. 5. Taught in: chapter 09.
    """
    terms = vlb(model, x, schedule, 2, generator, predicts=predicts, variance=variance)
    t = torch.ones(len(x), dtype=torch.int64)
    x1 = q_sample(x, t, torch.randn(x.shape, generator=generator, dtype=x.dtype), schedule)
    eps_hat, _ = estimate(model, x1, t, schedule, predicts)
    mean = posterior_mean_from_eps(x1, t, eps_hat, schedule)
    logvar = torch.full_like(mean, float(reverse_variance(schedule, variance)[1].log()))
    return normal_log_prob(x, mean, logvar) - terms["prior_matching"] - terms["score_matching"]


def faster(ddpm: Fitted, steps: int) -> Fitted:
    """The same diffusion, which samples in `steps` calls with DDIM; that has no bound here."""
    model, schedule = ddpm.parts["model"], ddpm.parts["schedule"]

    def draw(n: int, g: Generator | None) -> Tensor:
        return ddim_sample(model, schedule, (n, 2), steps, 0.0, g, predicts="v")

    return replace(ddpm, draw=draw, score=None, likelihood="none", calls=steps)


def fit_mixture(x: Tensor, steps: int, g: Generator) -> Fitted:
    """The neighbour of old: eight round Gaussians fitted by EM. It is told the shape of the truth."""
    seed = int(torch.randint(2**31, (), generator=g))
    found = ScikitMixture(8, covariance_type="spherical", max_iter=steps, random_state=seed).fit(x)
    weights, means, variances = (
        torch.from_numpy(a).to(x) for a in (found.weights_, found.means_, found.covariances_)
    )
    learned = {"weights": weights, "means": means, "variances": variances}
    return replace(known(GaussianMixture(**learned)), parts=learned)


def known(truth: GaussianMixture) -> Fitted:
    """A mixture as a model: for the truth itself, the best scores that there are, but for chance."""
    return Fitted(
        draw=truth.sample,
        score=lambda x, g: log_density(truth, x),
        likelihood="exact",
        calls=0,
    )


def log_density(truth: GaussianMixture, x: Tensor) -> Tensor:
    """log p(x) (B,) of a mixture, without noise, in nats."""
    clean = torch.zeros(len(x), dtype=torch.int64)
    return truth.log_prob(x, clean, NoiseSchedule.linear(1))
