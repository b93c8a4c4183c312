"""What is computed in which precision: on devices without float64, and from half precision."""

import ast
import math
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch.testing import assert_close

import dgm
from dgm.autoencoder import reconstruction_loss
from dgm.controlnet import edge_agreement, edges
from dgm.data.captions import looks_like
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
from dgm.distributions import (
    bernoulli_log_prob,
    discretized_gaussian_log_prob,
    interval_log_prob,
    kl_normal,
    kl_standard_normal,
    normal_log_prob,
    quantize,
    reparameterize,
)
from dgm.evaluate import (
    bootstrap_interval,
    classes_covered,
    frechet_distance,
    modes_covered,
    precision_recall,
)
from dgm.exact.denoiser import gaussian_denoiser, tweedie_score
from dgm.exact.divergences import fit_normal, jsd_grid, kl_grid
from dgm.exact.gaussians import GaussianMixture
from dgm.exact.ideal import ideal_denoiser
from dgm.exact.linear_gaussian import LinearGaussian
from dgm.exact.pca import pca_reconstruct, principal_angles, principal_components
from dgm.gan import discriminator_loss, game_value, generator_loss, optimal_discriminator
from dgm.hierarchical import (
    GaussianChain,
    elbo_before,
    elbo_terms,
    kl_equal_variance,
    path_elbo,
    score_matching_term,
)
from dgm.infogan import mutual_information_bound
from dgm.latent import latent_scale
from dgm.logistic import (
    LogisticRegression,
    fit,
    gradient,
    information,
    log_likelihood,
    log_posterior,
)
from dgm.naive_bayes import (
    GaussianNB,
    class_statistics,
    joint_log_prob,
    logistic_coefficients,
    posterior_log_prob,
    sample_joint,
)
from dgm.newton import solve
from dgm.nn.networks import mlp_encoder_decoder
from dgm.nn.unet import UNet
from dgm.schedule import NoiseSchedule
from dgm.sparse import mean_max_cosine
from dgm.vae import VAE, elbo, iwae_bound, vae_loss
from dgm.weighting import min_snr_weight
from dgm.wgan import critic_loss
from dgm.zoo.plane_models import ddpm_bound
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


# Half precision

HALF = [torch.float16, torch.bfloat16]
P = torch.rand(40, 2, generator=G)
COIN = (P > 0.5).float()
ONE = torch.ones(2)
SPD = torch.tensor([[2.0, 0.5], [0.5, 1.0]])
GREY = quantize(X.clamp(-1, 1), 17)
IMAGES = torch.rand(3, 3, 28, 28, generator=G) * 2 - 1
LINEAR = LinearGaussian(SPD, ONE, 0.5)

# What measures, by the name of the function: from tensors in half precision.
MEASURES = {
    "normal_log_prob": lambda h: normal_log_prob(h(X), h(EPS), h(P)),
    "bernoulli_log_prob": lambda h: bernoulli_log_prob(h(P), logits=h(X)),
    "kl_standard_normal": lambda h: kl_standard_normal(h(X), h(EPS)),
    "kl_normal": lambda h: kl_normal(h(X), h(EPS), h(P), logvar_p=h(X)),
    "interval_log_prob": lambda h: interval_log_prob(h(X), h(P + 0.1)),
    "discretized_gaussian_log_prob": lambda h: discretized_gaussian_log_prob(
        h(GREY), h(X), h(EPS), 17
    ),
    "reconstruction_loss": lambda h: reconstruction_loss(h(X), h(EPS)),
    "discriminator_loss": lambda h: discriminator_loss(h(X[:, 0]), h(X[:, 1])),
    "generator_loss": lambda h: generator_loss(h(X[:, 0])),
    "optimal_discriminator": lambda h: optimal_discriminator(h(P), h(P.flip(1))),
    "game_value": lambda h: game_value(h(P), h(P), h(P), 0.1),
    "critic_loss": lambda h: critic_loss(h(X[:, 0]), h(X[:, 1])),
    "mutual_information_bound": lambda h: mutual_information_bound(h(X), Y),
    "log_likelihood": lambda h: log_likelihood(h(ONE), h(X), Y),
    "gradient": lambda h: gradient(h(ONE), h(X), Y),
    "log_posterior": lambda h: log_posterior(h(ONE), h(X), Y, h(ONE)),
    "information": lambda h: information(h(ONE), h(X), h(ONE)),
    "fit": lambda h: fit(h(X), Y, h(ONE)),
    "solve": lambda h: solve(h(SPD), h(ONE)),
    "class_statistics": lambda h: class_statistics(h(X), Y, 2),
    "joint_log_prob": lambda h: joint_log_prob(h(X), h(P[0]), h(SPD), h(SPD)),
    "posterior_log_prob": lambda h: posterior_log_prob(h(X), h(P[0]), h(SPD), h(SPD)),
    "sample_joint": lambda h: sample_joint(5, h(P[0]), h(SPD), h(SPD), G.manual_seed(0)),
    "logistic_coefficients": lambda h: logistic_coefficients(
        h(P[0]), h(SPD), h(SPD[:1].expand(2, 2))
    ),
    "kl_equal_variance": lambda h: kl_equal_variance(h(X), h(EPS), h(P[:, 0] + 0.1)),
    "GaussianChain.log_prob": lambda h: CHAIN.log_prob(h(X)),
    "path_elbo": lambda h: path_elbo(h(torch.stack([X] * 51)), S, CHAIN),
    "elbo_before": lambda h: elbo_before(h(X), S, CHAIN),
    "score_matching_term": lambda h: score_matching_term(h(X), T.clamp(min=2), S, CHAIN),
    "elbo_terms": lambda h: tuple(elbo_terms(h(X), S, CHAIN).values()),
    "modes_covered": lambda h: modes_covered(h(X), h(EPS[:5]), 0.2),
    "frechet_distance": lambda h: frechet_distance(h(X), h(EPS)),
    "precision_recall": lambda h: precision_recall(h(X), h(EPS)),
    "classes_covered": lambda h: classes_covered(h(P)),
    "bootstrap_interval": lambda h: bootstrap_interval(
        h(X[:, 0]), draws=9, generator=G.manual_seed(0)
    ),
    "mean_max_cosine": lambda h: mean_max_cosine(h(X), h(EPS)),
    "edge_agreement": lambda h: edge_agreement(h(IMAGES), edges(IMAGES).to(h(IMAGES).dtype)),
    "looks_like": lambda h: looks_like(h(IMAGES)),
    "gaussian_denoiser": lambda h: gaussian_denoiser(h(X), h(ONE), h(SPD), 0.5),
    "tweedie_score": lambda h: tweedie_score(h(X), h(EPS), 0.5),
    "kl_grid": lambda h: kl_grid(h(P), h(P.flip(1)), 0.1),
    "jsd_grid": lambda h: jsd_grid(h(P), h(P.flip(1)), 0.1),
    "fit_normal": lambda h: fit_normal(h(torch.arange(9.0)), h(P[:9, 0] + 0.1), "forward", steps=3),
    "GaussianMixture.__init__": lambda h: GaussianMixture(h(ONE / 2), h(SPD), h(ONE)).means,
    "GaussianMixture.log_prob": lambda h: EIGHT.log_prob(h(X), T, S),
    "GaussianMixture.score": lambda h: EIGHT.score(h(X), T, S),
    "GaussianMixture.predict_x0": lambda h: EIGHT.predict_x0(h(X), T, S),
    "GaussianMixture.predict_eps": lambda h: EIGHT.predict_eps(h(X), T, S),
    "ideal_denoiser": lambda h: ideal_denoiser(h(X), T, h(EPS), S),
    "LinearGaussian.__init__": lambda h: LinearGaussian(h(SPD), h(ONE), 1.0).log_prob(X),
    "LinearGaussian.posterior_mean": lambda h: LINEAR.posterior_mean(h(X)),
    "LinearGaussian.log_prob": lambda h: LINEAR.log_prob(h(X)),
    "principal_components": lambda h: principal_components(h(X), 1),
    "pca_reconstruct": lambda h: pca_reconstruct(h(X), h(ONE), h(SPD)),
    "principal_angles": lambda h: principal_angles(h(X), h(EPS)),
    "ddpm_bound": lambda h: ddpm_bound(lambda xt, t: 0 * xt, h(X), S, G.manual_seed(0)),
    "vlb": lambda h: tuple(vlb(lambda xt, t: 0 * xt, h(GREY), S, 17, G.manual_seed(0)).values()),
    "GaussianNB": lambda h: GaussianNB().fit(h(X), Y).predict_proba(h(EPS)),
    "LogisticRegression": lambda h: LogisticRegression(1.0).fit(h(X), Y).predict_proba(h(EPS)),
    "latent_scale": lambda h: latent_scale(STAGE, h(GREY)),
}


@pytest.mark.parametrize("dtype", HALF)
@pytest.mark.parametrize("name", MEASURES)
def test_what_measures_takes_half_precision_as_float32(name, dtype):
    """To the last digit: the same numbers, given as float32."""
    got, want = (MEASURES[name](h) for h in (lambda a: a.to(dtype), lambda a: a.to(dtype).float()))
    for a, b in zip(*(f if isinstance(f, tuple) else (f,) for f in (got, want)), strict=True):
        a, b = torch.as_tensor(a), torch.as_tensor(b)
        assert a.dtype not in HALF
        assert_close(a, b, rtol=0 if name != "latent_scale" else 1e-3, atol=0)


def test_all_that_declares_numbers_is_tried():
    declared = set()
    for path in Path(dgm.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for inner in (
                getattr(node, "body", []) if isinstance(node, (ast.Module, ast.ClassDef)) else []
            ):
                if isinstance(inner, ast.FunctionDef) and any(
                    re.search(": (number|exact)", ast.unparse(d)) for d in inner.decorator_list
                ):
                    within = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
                    declared.add(within + inner.name)
    assert len(declared) > 50
    assert declared <= set(MEASURES)


# What goes through a network keeps its dtype.
PASSED_ON = {
    "q_sample": lambda h: q_sample(h(X), T, h(EPS), S),
    "q_posterior": lambda h: q_posterior(h(X), h(EPS), T, S)[0],
    "ddpm_step": lambda h: ddpm_step(h(X), T, h(EPS), h(X), S),
    "ddim_step": lambda h: ddim_step(h(X), T, T // 2, h(EPS), h(X), S, 0.7),
    "reparameterize": lambda h: reparameterize(h(X), h(EPS), h(P)),
    "quantize": lambda h: quantize(h(X).clamp(-1, 1), 17),
    "edges": lambda h: edges(h(IMAGES)),
    "ddim_sample": lambda h: ddim_sample(lambda xt, t: 0 * xt, S, (2, 3), 4, 1.0, dtype=h(X).dtype),
    "decode": lambda h: small_vae(h(X).dtype).decode(h(X)),
}


@pytest.mark.parametrize("dtype", HALF)
@pytest.mark.parametrize("name", PASSED_ON)
def test_what_is_passed_on_keeps_its_dtype(name, dtype):
    got = PASSED_ON[name](lambda a: a.to(dtype))
    assert got.dtype == dtype
    assert got.isfinite().all()


def small_vae(dtype, likelihood="bernoulli"):
    torch.manual_seed(0)
    parts = mlp_encoder_decoder((2,), 2, (4,), with_logvar=likelihood == "discretized_gaussian")
    return VAE(*(part.to(dtype) for part in parts), 2, likelihood, sigma=0.085, levels=17)


@pytest.mark.parametrize("dtype", HALF)
@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian", "discretized_gaussian"])
def test_a_vae_in_half_precision_is_measured_in_float32(dtype, likelihood):
    vae, x = small_vae(dtype, likelihood), (COIN if likelihood == "bernoulli" else GREY).to(dtype)
    for value in (vae_loss(vae, x), iwae_bound(vae, x, 3), elbo(vae, x, EPS.to(dtype), "sampled")):
        assert value.dtype == torch.float32
        assert value.isfinite().all()
    with torch.no_grad():
        out = vae.decoder(EPS.to(dtype))
    if likelihood == "gaussian":
        wanted = normal_log_prob(x, out, torch.full_like(out.float(), 2 * math.log(0.085)))
        assert_close(vae.log_likelihood(x, EPS.to(dtype)), wanted, rtol=1e-6, atol=0)
    vae_loss(vae, x).backward()


@pytest.mark.parametrize("dtype", HALF)
def test_the_bound_asks_a_network_in_half_precision_in_its_own(dtype):
    net, asked = torch.nn.Linear(2, 2).to(dtype), []

    def model(xt, t):
        asked.append(xt.dtype)
        return net(xt)

    terms = vlb(model, GREY.to(dtype), S, 17, clip=(-1, 1))
    assert set(asked) == {dtype}
    assert {value.dtype for value in terms.values()} == {torch.float32}


def test_half_precision_and_float32_may_meet_where_it_is_measured():
    """As under autocast: targets in float32, predictions in half precision."""
    half = X.bfloat16()
    assert_close(reconstruction_loss(X, half), reconstruction_loss(X, half.float()), rtol=0, atol=0)
    with pytest.raises(ValueError, match=r"x_hat is torch.float64, but x is torch.float32"):
        reconstruction_loss(X, X.double())
