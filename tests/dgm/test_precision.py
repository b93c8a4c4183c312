"""What is computed in which precision: on devices without float64, and from half precision."""

import math
from types import SimpleNamespace

import pytest
import torch
from torch.testing import assert_close

from dgm.ddpm import (
    ddim_path,
    ddim_sample,
    ddim_step,
    ddpm_loss,
    ddpm_sample,
    ddpm_step,
    q_posterior,
    q_sample,
    vlb,
)
from dgm.diffusion import loss_weight
from dgm.evaluate import (
    bootstrap_interval,
    classes_covered,
    frechet_distance,
    modes_covered,
    precision_recall,
)
from dgm.exact.gaussians import GaussianMixture
from dgm.exact.ideal import ideal_denoiser
from dgm.hierarchical import GaussianChain, elbo_before, elbo_terms, path_elbo
from dgm.latent import latent_scale
from dgm.logistic import LogisticRegression
from dgm.naive_bayes import GaussianNB
from dgm.nn.unet import UNet
from dgm.schedule import NoiseSchedule
from dgm.weighting import min_snr_weight
from tests.pretended import device_without_float64

S = NoiseSchedule.cosine(50)
G = torch.Generator().manual_seed(0)
X = torch.randn(40, 2, generator=G)
Y = (torch.rand(40, generator=G) < torch.sigmoid(X[:, 0])).long()
T = torch.tensor([1, 2, 25, 49, 50]).repeat(8)
EPS = torch.randn(40, 2, generator=G)
STAGE = SimpleNamespace(encode=lambda x: (10 * x, 0 * x))
CHAIN = GaussianChain.ideal(S, 0.1, 0.5, "beta")
EIGHT = GaussianMixture.eight()

# What gives numbers, from tensors on any device.
ANYWHERE = {
    "min_snr_weight": lambda on: min_snr_weight(on(T), S),
    "loss_weight": lambda on: loss_weight(on(T)[1:5], S, "v"),
    "frechet_distance": lambda on: frechet_distance(on(X), on(EPS)),
    "precision_recall": lambda on: precision_recall(on(X), on(EPS)),
    "bootstrap_interval": lambda on: bootstrap_interval(on(torch.full((5,), 3.0)), draws=9),
    "modes_covered": lambda on: modes_covered(on(X), on(EPS[:5]), 0.2),
    "classes_covered": lambda on: classes_covered(on(EPS.softmax(1))),
    "latent_scale": lambda on: latent_scale(STAGE, on(X)),
    "GaussianNB": lambda on: GaussianNB().fit(on(X), on(Y)).predict_proba(on(EPS)),
    "LogisticRegression": lambda on: (
        LogisticRegression(1.0).fit(on(X), on(Y)).predict_proba(on(EPS))
    ),
    "q_sample": lambda on: q_sample(on(X), on(T), on(EPS), S),
    "q_posterior": lambda on: q_posterior(on(X), on(EPS), on(T), S),
    "ddpm_step": lambda on: ddpm_step(on(X), on(T), on(EPS), on(X), S),
    "ddim_step": lambda on: ddim_step(on(X), on(T), on(T) // 2, on(EPS), on(X), S, 0.7),
    "ideal_denoiser": lambda on: ideal_denoiser(on(X), on(T), on(EPS), S),
    "elbo_before": lambda on: elbo_before(on(X), S, CHAIN),
    "elbo_terms": lambda on: tuple(elbo_terms(on(X), S, CHAIN).values()),
    "path_elbo": lambda on: path_elbo(on(torch.stack([X] * 51)), S, CHAIN),
}


def flat(found):
    found = found if isinstance(found, tuple) else (found,)
    return [torch.as_tensor(a).cpu().double() for a in found]


@pytest.mark.parametrize("name", ANYWHERE)
def test_a_device_without_float64_gives_what_the_cpu_gives(name):
    want = flat(ANYWHERE[name](lambda a: a))
    with device_without_float64() as device:
        got = flat(ANYWHERE[name](lambda a: a.to(device)))
    for a, b in zip(got, want, strict=True):
        assert_close(a, b, rtol=1e-4, atol=1e-5)


def test_a_schedule_goes_there_with_its_float64_tables_on_the_cpu():
    with device_without_float64() as device:
        moved = S.to(device)
        assert moved.device == device
        assert moved.beta.device.type == "cpu"
        assert torch.equal(moved.alpha_bar, S.alpha_bar)
        assert NoiseSchedule(S.beta.float().to(device)).beta.dtype == torch.float64
        assert loss_weight(T.to(device), moved).device == device
        x = ddim_sample(lambda xt, t: 0 * xt, moved, (2, 3), 5, 1.0)  # no network says where
        assert x.device == device
        assert math.isfinite(x.sum().item())
    assert S.to("cpu").device == torch.device("cpu")
    assert S.to("meta").beta.device.type == "meta"


@pytest.mark.parametrize("predicts", ["eps", "x0", "v"])
def test_networks_learn_and_draw_on_a_device_without_float64(predicts):
    with device_without_float64() as device:
        schedule, net = S.to(device), UNet(width=8).to(device)
        x = torch.zeros(2, 1, 4, 4).to(device)
        weight = lambda t: min_snr_weight(t, schedule, predicts)  # noqa: E731
        loss = ddpm_loss(net, x, schedule, predicts=predicts, weight=weight)
        loss.backward()
        assert math.isfinite(loss.item())
        for _, sample, _ in ddim_path(net, schedule, x.shape, 3, 0.5, predicts=predicts):
            assert sample.device == device
        assert ddpm_sample(net, schedule, x.shape, predicts=predicts).device == device
        for value in vlb(net, x, schedule, predicts=predicts, clip=(-1, 1)).values():
            assert value.cpu().isfinite().all()
