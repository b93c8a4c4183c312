"""Step for step beside the schedulers of diffusers, which count steps from 0.

Their tables are float32: they get ours, and then agree to the last digits.
"""

import pytest
import torch
from torch.testing import assert_close

from dgm.ddim import ddim_step
from dgm.ddpm import ddpm_step
from dgm.diffusion import PREDICTS, q_posterior, q_sample, velocity
from dgm.prediction import as_eps
from dgm.schedule import NoiseSchedule

diffusers = pytest.importorskip("diffusers")
exact = {"rtol": 1e-10, "atol": 1e-10}
MAKES = [NoiseSchedule.linear, NoiseSchedule.cosine]
NAMES = {"eps": "epsilon", "x0": "sample", "v": "v_prediction"}


def scheduler(kind, schedule, **options):
    theirs = getattr(diffusers, kind)(schedule.T, clip_sample=False, **options)
    theirs.betas, theirs.alphas = schedule.beta[1:], schedule.alpha[1:]
    theirs.alphas_cumprod = schedule.alpha_bar[1:]
    theirs.one = theirs.final_alpha_cumprod = torch.ones((), dtype=torch.float64)
    return theirs


def draw(n=3):
    return torch.randn(n, 4, 2, 3, 5, dtype=torch.float64)


def full(t):
    return torch.full((4,), t)


@pytest.mark.parametrize("make", MAKES)
def test_noising_and_velocity(make):
    schedule, (x0, eps) = make(50), draw(2)
    theirs, t = scheduler("DDPMScheduler", schedule), torch.tensor([1, 2, 30, 50])
    assert_close(q_sample(x0, t, eps, schedule), theirs.add_noise(x0, eps, t - 1), **exact)
    want = theirs.get_velocity(x0, eps, t - 1)
    assert_close(velocity(x0, eps, t, schedule), want, **exact)


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("t", [1, 2, 25, 50])
def test_posterior(make, t):
    """Their step with the data as the prediction, without its noise, is the posterior's mean."""
    schedule, (x0, xt) = make(50), draw(2)
    theirs = scheduler("DDPMScheduler", schedule, prediction_type="sample")
    mean, var = q_posterior(x0, xt, full(t), schedule)
    noise = diffusers.schedulers.scheduling_ddpm
    step = theirs.step(x0, t - 1, xt, generator=torch.Generator().manual_seed(0)).prev_sample
    z = noise.randn_tensor(x0.shape, generator=torch.Generator().manual_seed(0), dtype=x0.dtype)
    assert_close(step - (t > 1) * var.sqrt() * z, mean, **exact)
    if t > 1:
        assert_close(var, theirs._get_variance(t - 1).expand_as(var), **exact)


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("t", [1, 2, 25, 50])
@pytest.mark.parametrize("predicts", PREDICTS)
@pytest.mark.parametrize(
    ("variance", "name"), [("beta_tilde", "fixed_small"), ("beta", "fixed_large")]
)
def test_ddpm_step(make, t, predicts, variance, name):
    schedule, (xt, prediction) = make(50), draw(2)
    theirs = scheduler(
        "DDPMScheduler", schedule, variance_type=name, prediction_type=NAMES[predicts]
    )
    want = theirs.step(prediction, t - 1, xt, generator=torch.Generator().manual_seed(1))
    z = torch.randn(xt.shape, generator=torch.Generator().manual_seed(1), dtype=xt.dtype)
    eps_hat = as_eps(prediction, xt, full(t), schedule, predicts)
    got = ddpm_step(xt, full(t), eps_hat, z, schedule, variance=variance)
    assert_close(got, want.prev_sample, **exact)


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("steps", [1, 5, 10, 50])
@pytest.mark.parametrize("predicts", PREDICTS)
@pytest.mark.parametrize("eta", [0.0, 0.4, 1.0])
def test_ddim_step(make, steps, predicts, eta):
    """From the first and from the last of their times; 1 of theirs is T of ours."""
    schedule, (xt, prediction, z) = make(50), draw()
    theirs = scheduler("DDIMScheduler", schedule, prediction_type=NAMES[predicts])
    theirs.set_timesteps(steps)
    for t in (50, 50 // steps):
        s = t - 50 // steps
        eps_hat = as_eps(prediction, xt, full(t), schedule, predicts)
        got = ddim_step(xt, full(t), full(s), eps_hat, z, schedule, eta)
        want = theirs.step(prediction, t - 1, xt, eta=eta, variance_noise=z if eta else None)
        assert_close(got, want.prev_sample, **exact)
