"""The VAE against a linear-Gaussian model of which everything is known."""

import math
from itertools import pairwise

import pytest
import torch
from torch.distributions import Bernoulli, MultivariateNormal, Normal
from torch.testing import assert_close

from dgm.data import load
from dgm.data.batches import minibatches
from dgm.distributions import discretized_gaussian_log_prob, kl_standard_normal
from dgm.exact.linear_gaussian import LinearGaussian
from dgm.nn.networks import conv_encoder_decoder, mlp_encoder_decoder
from dgm.vae import VAE, elbo, iwae_bound, log_weight, sample, vae_loss, vae_train

LIKELIHOODS = ["bernoulli", "gaussian", "discretized_gaussian"]
exact = {"rtol": 1e-10, "atol": 1e-10}


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def linear_gaussian(orthogonal, d=5, k=2, sigma=0.6):
    weight = torch.randn(d, k, generator=seeded(), dtype=torch.float64)
    if orthogonal:
        weight = torch.linalg.qr(weight).Q * torch.tensor([2.0, 0.7])
    else:
        weight[:, 1] = weight[:, 1] / 2 + weight[:, 0] / 4
    return LinearGaussian(weight, torch.arange(d, dtype=torch.float64), sigma)


def blurred(model, shift=0.3):
    """The same model with a q(z|x) that is wrong: its mean moved, its variance doubled."""

    def encoder(x):
        mu, logvar = model.encoder(x)
        return mu + shift, logvar + math.log(2)

    return VAE(encoder, model.decoder, model.weight.shape[1], "gaussian", model.sigma)


def small(likelihood, shape=(1, 2, 3), latent_dim=2):
    encoder, decoder = mlp_encoder_decoder(
        shape, latent_dim, (8,), with_logvar=likelihood == "discretized_gaussian"
    )
    return VAE(encoder, decoder, latent_dim, likelihood, sigma=0.5, levels=17).double()


def data(likelihood, shape=(1, 2, 3), n=4):
    levels = torch.randint(17, (n, *shape), generator=seeded(), dtype=torch.int64).double()
    return levels / 16 if likelihood == "bernoulli" else levels / 8 - 1


# The oracle itself


@pytest.mark.parametrize("orthogonal", [True, False])
def test_oracle_log_prob_and_posterior_by_other_ways(orthogonal):
    model = linear_gaussian(orthogonal)
    x = model.sample(6, seeded(1))
    marginal = MultivariateNormal(
        model.bias, model.weight @ model.weight.T + 0.36 * torch.eye(5, dtype=torch.float64)
    )
    assert_close(model.log_prob(x), marginal.log_prob(x), **exact)
    # Bayes' rule at any z: log p(x) = log p(x|z) + log p(z) - log p(z|x)
    z = torch.randn(6, 2, dtype=torch.float64)
    posterior = MultivariateNormal(model.posterior_mean(x), precision_matrix=model.precision())
    by_bayes = (
        Normal(model.decoder(z), 0.6).log_prob(x).sum(1)
        + Normal(0.0, 1.0).log_prob(z).sum(1)
        - posterior.log_prob(z)
    )
    assert_close(by_bayes, model.log_prob(x), **exact)


def test_oracle_samples_have_its_mean_and_covariance():
    model, n = linear_gaussian(False), 100_000
    x = model.sample(n, seeded(1))
    cov = model.covariance()
    assert ((x.mean(0) - model.bias).abs() < 4 * (cov.diagonal() / n).sqrt()).all()
    spread = (cov.diagonal()[:, None] * cov.diagonal() + cov**2).sqrt()
    assert ((torch.cov(x.T) - cov).abs() < 4 * spread / n**0.5).all()


def test_oracle_fit_is_the_maximum_of_the_likelihood():
    x = torch.randn(200, 4, dtype=torch.float64) @ torch.randn(4, 4, dtype=torch.float64)
    model = LinearGaussian.fit(x, 2)
    assert_close(model.gap(), torch.zeros((), dtype=torch.float64), rtol=0, atol=1e-10)
    weight = model.weight.clone().requires_grad_()
    sigma = torch.tensor(model.sigma, dtype=torch.float64, requires_grad=True)
    cov = weight @ weight.T + sigma**2 * torch.eye(4, dtype=torch.float64)
    value = MultivariateNormal(x.mean(0), cov).log_prob(x).mean()
    assert_close(value.detach(), model.log_prob(x).mean())
    for slope in torch.autograd.grad(value, [weight, sigma]):
        assert slope.abs().max() < 1e-8


# The bound


@pytest.mark.parametrize("seed", range(3))
def test_with_the_true_posterior_the_sampled_elbo_is_log_p_for_every_eps(seed):
    model = linear_gaussian(True)
    x = model.sample(7, seeded(seed))
    eps = 3 * torch.randn(7, 2, generator=seeded(seed + 10), dtype=torch.float64)
    assert_close(elbo(model.vae(), x, eps, kl="sampled"), model.log_prob(x), **exact)
    assert_close(iwae_bound(model.vae(), x, 3), model.log_prob(x), **exact)
    assert (elbo(model.vae(), x, eps) - model.log_prob(x)).abs().max() > 0.1  # not so with this


@pytest.mark.parametrize("kl", ["analytic", "sampled"])
@pytest.mark.parametrize("orthogonal", [True, False])
def test_expected_elbo_is_log_p_less_the_gap(kl, orthogonal):
    model, n = linear_gaussian(orthogonal), 20_000
    x = model.sample(1, seeded(1)).expand(n, -1)
    eps = torch.randn(n, 2, generator=seeded(2), dtype=torch.float64)
    bound = elbo(model.vae(), x, eps, kl=kl)
    gap = model.log_prob(x[:1])[0] - bound.mean()
    assert abs(gap - model.gap()) < 4 * bound.std() / n**0.5 + 1e-12
    assert orthogonal or model.gap() > 0.02


def test_gap_of_any_encoder_is_its_kl_from_the_posterior():
    model = linear_gaussian(False)
    vae, n = blurred(model), 40_000
    x = model.sample(1, seeded(1))
    mu, logvar = vae.encoder(x)
    q = MultivariateNormal(mu[0], torch.diag(logvar[0].exp()))
    posterior = MultivariateNormal(model.posterior_mean(x)[0], precision_matrix=model.precision())
    kl = torch.distributions.kl_divergence(q, posterior)
    eps = torch.randn(n, 2, generator=seeded(2), dtype=torch.float64)
    bound = elbo(vae, x.expand(n, -1), eps)
    assert abs(model.log_prob(x)[0] - bound.mean() - kl) < 4 * bound.std() / n**0.5


def test_bounds_grow_with_k_and_stay_below_log_p():
    """One fixed seed, four standard errors of the difference."""
    model, n = linear_gaussian(False), 8000
    vae, x = blurred(model, 0.2), model.sample(1, seeded(3))
    rows = x.expand(n, -1)
    exact_value = model.log_prob(x)[0]
    g = seeded(4)
    bounds = [iwae_bound(vae, rows, k, g) for k in (1, 2, 5, 20)]
    for lower, higher in pairwise(bounds):
        error = (lower.var() + higher.var()).sqrt() / n**0.5
        assert higher.mean() - lower.mean() > 4 * error
    for bound in bounds:
        assert bound.mean() < exact_value + 4 * bound.std() / n**0.5
    assert exact_value - bounds[0].mean() > 0.3
    assert exact_value - bounds[-1].mean() < 0.1
    weights = iwae_bound(vae, rows, 1, g).exp()  # the weights themselves are unbiased
    assert abs(weights.mean() - exact_value.exp()) < 4 * weights.std() / n**0.5


def test_iwae_by_hand():
    model = linear_gaussian(False)
    vae, x = blurred(model), model.sample(3, seeded())
    mu, logvar = vae.encoder(x)
    g = seeded(5)
    weights = []
    for _ in range(4):
        eps = torch.randn(3, 2, generator=g, dtype=torch.float64)
        z = mu + logvar.exp().sqrt() * eps
        joint = Normal(model.decoder(z), 0.6).log_prob(x).sum(1) + Normal(0, 1).log_prob(z).sum(1)
        weights.append((joint - Normal(mu, (logvar / 2).exp()).log_prob(z).sum(1)).exp())
        assert_close(log_weight(vae, x, z, mu, logvar).exp(), weights[-1])
    assert_close(iwae_bound(vae, x, 4, seeded(5)), torch.stack(weights).mean(0).log(), **exact)


# Likelihoods, shapes, loss


@pytest.mark.parametrize("shape", [(6,), (2, 3, 5)])
@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_elbo_of_each_likelihood_by_hand(likelihood, shape):
    model, x = small(likelihood, shape), data(likelihood, shape)
    eps = torch.randn(4, 2, dtype=torch.float64)
    mu, logvar = model.encoder(x)
    out = model.decoder(mu + (logvar / 2).exp() * eps)
    if likelihood == "bernoulli":
        each = -torch.nn.functional.binary_cross_entropy_with_logits(out, x, reduction="none")
    elif likelihood == "gaussian":
        each = Normal(out, 0.5).log_prob(x)
    else:
        each = discretized_gaussian_log_prob(
            x.reshape(-1, 1), out[0].reshape(-1, 1), out[1].reshape(-1, 1), 17
        ).reshape(x.shape)
    expected = each.reshape(4, -1).sum(1) - kl_standard_normal(mu, logvar)
    assert_close(elbo(model, x, eps), expected, **exact)
    assert iwae_bound(model, x, 2).shape == (4,)
    assert model(x).shape == x.shape


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
@pytest.mark.parametrize("beta", [0.0, 1.0, 4.0])
def test_loss_is_minus_the_mean_elbo_with_the_kl_weighed(likelihood, beta):
    model, x = small(likelihood), data(likelihood)
    eps = torch.randn(4, 2, generator=seeded(9), dtype=torch.float64)
    kl = kl_standard_normal(*model.encoder(x))
    expected = -(elbo(model, x, eps) + (1 - beta) * kl).mean()
    assert_close(vae_loss(model, x, beta, seeded(9)), expected, **exact)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_gradients_reach_encoder_and_decoder(likelihood):
    model, x = small(likelihood), data(likelihood)
    vae_loss(model, x, beta=0.0).backward()  # without the KL, only through the sample
    for name, p in model.named_parameters():
        assert p.grad.abs().sum() > 0, name


def test_gradient_through_the_sample_is_the_closed_form():
    """E_q log N(x; w z + b, s^2) in closed form; log p is quadratic in eps, so that 3 Gauss-Hermite
    nodes take the expectation exactly."""
    eps = torch.tensor([[-math.sqrt(3.0)], [0.0], [math.sqrt(3.0)]], dtype=torch.float64)
    share = torch.tensor([1 / 6, 2 / 3, 1 / 6], dtype=torch.float64)
    w = torch.tensor([[1.5], [-0.5]], dtype=torch.float64)
    oracle = LinearGaussian(w, torch.zeros(2, dtype=torch.float64), 0.6)
    mu = torch.tensor([[0.4]], dtype=torch.float64, requires_grad=True)
    logvar = torch.tensor([[-0.8]], dtype=torch.float64, requires_grad=True)
    x = torch.tensor([[0.7, 1.1]], dtype=torch.float64)
    vae = VAE(lambda x: (mu.expand(3, 1), logvar.expand(3, 1)), oracle.decoder, 1, "gaussian", 0.6)
    value = (share * elbo(vae, x.expand(3, -1), eps)).sum()
    got = torch.autograd.grad(value, [mu, logvar])
    with torch.no_grad():
        var = logvar.exp()
        by_mu = ((x - mu @ w.T) @ w) / 0.36 - mu
        by_logvar = -((w**2).sum() / 0.36 * var) / 2 - (var - 1) / 2
    assert_close(got[0], by_mu, **exact)
    assert_close(got[1], by_logvar, **exact)


def test_bits_per_dimension_are_finite_and_better_than_uniform_after_training():
    x, _ = load("digits")
    encoder, decoder = mlp_encoder_decoder((1, 8, 8), 6, (64,), with_logvar=True)
    model = VAE(encoder, decoder, 6, "discretized_gaussian", levels=17)
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    losses = list(
        vae_train(model, minibatches(x, 128, 500, seeded()), optimizer, generator=seeded())
    )
    assert len(losses) == 500
    assert all(map(math.isfinite, losses))
    x_test, _ = load("digits", "test")
    with torch.no_grad():
        bound = elbo(model, x_test, torch.randn(len(x_test), 6, generator=seeded()))
    bits = -bound.mean().item() / (64 * math.log(2))
    assert 1.5 < bits < 2.9  # log2 17 = 4.09 for a uniform guess


def test_training_repeats_and_beta_presses_the_kl_down():
    x = (load("digits")[0][:256] + 1) / 2
    kls, runs = [], []
    for beta in (1.0, 1.0, 20.0):
        torch.manual_seed(0)
        model = VAE(*mlp_encoder_decoder((1, 8, 8), 4, (32,)), 4)
        optimizer = torch.optim.Adam(model.parameters(), 1e-2)
        batches = minibatches(x, 64, 150, seeded())
        runs.append(list(vae_train(model, batches, optimizer, beta, seeded(1))))
        kls.append(kl_standard_normal(*model.encoder(x)).mean().item())
    assert runs[0] == runs[1]
    assert kls[0] > 2
    assert kls[2] < kls[0] / 4


# Sampling


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_samples_are_in_the_range_of_the_data_and_repeat(likelihood):
    model = small(likelihood).float()
    for noise in (False, True):
        x = sample(model, 200, seeded(), noise=noise)
        assert x.shape == (200, 1, 2, 3)
        assert not x.requires_grad
        assert torch.equal(x, sample(model, 200, seeded(), noise=noise))
        if likelihood == "bernoulli":
            assert ((x >= 0) & (x <= 1)).all()
        if likelihood == "discretized_gaussian":
            assert (x.abs() <= 1).all()
    values = set(sample(model, 200, noise=True).unique().tolist())
    if likelihood == "bernoulli":
        assert values == {0, 1}
    if likelihood == "discretized_gaussian":
        assert values <= set((torch.arange(17) / 8 - 1).tolist())


def test_noisy_samples_of_the_oracle_have_its_covariance():
    model, n = linear_gaussian(True), 50_000
    x = sample(model.vae(), n, seeded(), noise=True)
    cov = model.covariance()
    spread = (cov.diagonal()[:, None] * cov.diagonal() + cov**2).sqrt()
    assert ((torch.cov(x.T) - cov).abs() < 4 * spread / n**0.5).all()


# Networks, devices, bad input


@pytest.mark.parametrize("with_logvar", [False, True])
def test_convolutional_pair(with_logvar):
    encoder, decoder = conv_encoder_decoder(3, channels=2, width=4, with_logvar=with_logvar)
    mu, logvar = encoder(torch.randn(5, 2, 28, 28))
    assert mu.shape == logvar.shape == (5, 3)
    out = decoder(mu)
    for a in out if with_logvar else (out,):
        assert a.shape == (5, 2, 28, 28)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_on_meta(likelihood):
    model = small(likelihood).to("meta")
    x = data(likelihood).to("meta")
    eps = torch.empty(4, 2, dtype=torch.float64, device="meta")
    for kl in ("analytic", "sampled"):
        assert elbo(model, x, eps, kl=kl).device.type == "meta"
    assert iwae_bound(model, x, 3).shape == (4,)
    assert vae_loss(model, x).shape == ()
    assert sample(model, 3).shape == (3, 1, 2, 3)


def test_bad_input():
    model, x = small("gaussian"), data("gaussian")
    eps = torch.zeros(4, 2, dtype=torch.float64)
    with pytest.raises(ValueError, match='kl is \'exact\', wanted "analytic" or "sampled"'):
        elbo(model, x, eps, kl="exact")
    with pytest.raises(ValueError, match="eps has shape"):
        elbo(model, x, eps[:, :1])
    with pytest.raises(ValueError, match="k is 0"):
        iwae_bound(model, x, 0)
    with pytest.raises(ValueError, match="likelihood is 'poisson'"):
        small("poisson")
    with pytest.raises(ValueError, match="sigma is 0"):
        VAE(model.encoder, model.decoder, 2, "gaussian", sigma=0)
    with pytest.raises(ValueError, match=r"x runs from -1 to .*, wanted 0 to 1"):
        vae_loss(small("bernoulli"), x)  # images in [-1, 1] are no coins
    for kind in ("bernoulli", "discretized_gaussian"):
        with pytest.raises(ValueError, match=r"x runs from .* to 255, wanted -?[01] to 1"):
            vae_loss(small(kind), torch.full_like(x, 255))
    with pytest.raises(ValueError, match="n is 0"):
        sample(model, 0)
    with pytest.raises(ValueError, match="sigma is -1"):
        LinearGaussian(torch.zeros(3, 2), torch.zeros(3), -1)
    with pytest.raises(ValueError, match="bias has shape"):
        LinearGaussian(torch.zeros(3, 2), torch.zeros(2).double(), 1.0)


def test_bernoulli_of_coins_agrees_with_torch():
    model = small("bernoulli")
    x = (data("bernoulli") > 0.5).double()
    z = torch.randn(4, 2, dtype=torch.float64)
    expected = Bernoulli(logits=model.decoder(z)).log_prob(x).flatten(1).sum(1)
    assert_close(model.log_likelihood(x, z), expected, **exact)
    assert_close(model.decode(z), torch.sigmoid(model.decoder(z)))
