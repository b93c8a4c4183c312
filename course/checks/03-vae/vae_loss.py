"""3.8 The loss."""

import math

import torch
from torch.distributions import Normal
from torch.distributions import kl_divergence as divergence

from course.checks import draw, laws
from course.checks.cases import Call, Doing, Law
from course.checks.exercise import change
from dgm.distributions import kl_standard_normal, reparameterize
from dgm.vae import VAE, elbo
from dgm.vae import vae_loss as definition


def cases(g):
    loose = {"dtype": False, "rtol": 1e-4, "atol": 1e-4, "shape": "one"}
    logits, x = draw.normal(g, 1, 4, 4), draw.pictures(g, 5, (1, 4, 4), "bernoulli")
    model = VAE(draw.vae(g, (1, 4, 4), 3).encoder, lambda z: logits.expand(len(z), 1, 4, 4), 3)
    for words, beta in (("beta left out", {}), ("beta = 3", {"beta": 3.0})):
        yield Call(model, x, generator=draw.seeded(g), **beta).but(
            words=f"a decoder that looks at no code, {words}", gradient=True, **loose
        )
    for beta in (1.0, 3.0):
        yield Doing(
            f"a decoder that looks at its code, beta = {beta:g}",
            lambda answer, beta=beta, g=draw.seeded(g): with_its_codes(
                answer, g.clone_state(), beta
            ),
        ).but(atol=1e-3, shape="one")
    yield Doing("without a generator", without_generator)
    yield Law("", measure)


def with_its_codes(answer, g, beta, n=6, K=2, d=4):
    """The loss and its gradients, beside what they should be with the codes that it drew."""
    model = draw.Watched(g, n, K, d)
    got = answer(model, model.x.clone(), beta, generator=draw.seeded(g))
    counts, eps = model.noise()
    found = {"in training mode": model.training, "how many codes each row draws": list(counts)}
    if counts.ne(1).any():
        return found
    kl = kl_standard_normal(*model.encoder(model.x))
    return found | model.apart(got, ((beta - 1) * kl - elbo(model, model.x, eps[:, 0])).mean())


def without_generator(answer):
    model = draw.Watched(laws.seeded(5), 4, 2, 3)
    loss, again = (answer(model, model.x.clone()) for _ in range(2))
    return {"numbers": loss.numel(), "two calls give the same": torch.equal(loss, again)}


def measure(answer):
    model = draw.Watched(laws.seeded(3), 1000, 8, 9)
    answer(model, model.x.clone(), generator=laws.seeded(4))
    words = "each row draws one code from q, mu + sigma eps"
    yield from laws.of_codes(model, 1, words, ("rows of the batch", "numbers of a code"))
    yield from laws.of_the_generator(
        lambda g: answer(model, model.x[:9], 1.0, generator=g), "losses"
    )


# Right, in ways that differ.


def right_distributions(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    q = Normal(mu, (logvar / 2).exp())
    p = Normal(torch.zeros_like(mu), torch.ones_like(mu))
    eps = torch.normal(torch.zeros_like(mu), 1.0, generator=generator)
    z = q.mean + q.stddev * eps
    kl = divergence(q, p).sum()
    return (beta * kl - model.log_likelihood(x, z).sum()) / x.shape[0]


def right_from_elbo(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(*mu.shape, generator=generator, dtype=mu.dtype)
    bound = elbo(model, x, eps)
    return -(bound + (1 - beta) * kl_standard_normal(mu, logvar)).mean()


def right_row_by_row(model, x, beta=1.0, generator=None):
    total = 0.0
    for i in range(len(x)):
        row = x[i : i + 1]
        mu, logvar = model.encoder(row)
        z = reparameterize(mu, logvar, torch.randn(mu.shape, generator=generator, dtype=mu.dtype))
        total = total + beta * kl_standard_normal(mu, logvar) - model.log_likelihood(row, z)
    return total / len(x)


def right_short(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return torch.mean(beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z))


def right_two_means(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    z = mu + (0.5 * logvar).exp() * torch.empty_like(mu).normal_(generator=generator)
    reconstruction = -model.log_likelihood(x, z).mean()
    divergence = 0.5 * (mu**2 + logvar.exp() - logvar - 1).sum(1).mean()
    return reconstruction + beta * divergence


def right_decodes_twice(model, x, beta=1.0, generator=None):
    """the code is decoded once to be looked at, and once for the loss"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, torch.randn(mu.shape, generator=generator, dtype=mu.dtype))
    assert model.decode(z).shape == x.shape
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean()


def right_float32_result(model, x, beta=1.0, generator=None):
    return definition(model, x, beta, generator).float()


def right_looks_at_the_mean_too(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    assert model(x).shape == x.shape
    z = mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator)
    return beta * kl_standard_normal(mu, logvar).mean() - model.log_likelihood(x, z).mean()


# Mistakes, and what a student is told.

Z = "reparameterize(mu, logvar, eps)"
KL = "kl_standard_normal(mu, logvar)"
REC = "model.log_likelihood(x, z)"

wrong_beta_ignored = change(
    "beta is not used: it weighs the KL", "beta * kl_standard_normal", "kl_standard_normal"
)
wrong_beta_on_both = change("beta weighs the KL alone, not the whole", "- mo", "- beta * mo")
wrong_beta_on_reconstruction = change(
    "beta weighs the KL, not the reconstruction", "(beta * ", "(", "- mo", "- beta * mo"
)
wrong_beta_squared = change(
    "beta is squared: it weighs the KL as it is", "(beta * kl", "(beta**2 * kl"
)
wrong_default_beta = change(
    "beta is 1 where it is not given", "beta: float = 1.0", "beta: float = 4.0"
)
wrong_detached = change(
    "no gradient flows through the code z: no .detach() there", Z, f"{Z}.detach()"
)
wrong_evaluation_mode = change(
    "the model's mode is switched: leave it as it is", "z = rep", "model.eval()\n    z = rep"
)
wrong_goes_backward = change(
    "gradients are filled here: backward belongs to the training loop",
    "return (beta",
    f"{KL}.mean().backward(retain_graph=True)\n    return (beta",
)
wrong_in_place = change(
    "x is changed in place, and belongs to the caller: work on a copy",
    "encoder(x)",
    "encoder(x.detach().clamp_(0.1, 0.9))",
)
wrong_half_the_noise = change(
    "rows share their noise: draw it in the shape of mu",
    Z,
    Z.replace("eps", "torch.cat([half := eps[: (len(eps) + 1) // 2], -half])[: len(eps)]"),
)
wrong_item = change(
    "nothing can be trained on this: no .item(), no .detach()", ".mean()", ".mean().item()"
)
wrong_kl_detached = change(
    "no gradient comes from the KL: no .detach() there", KL, f"{KL}.detach()"
)
wrong_kl_mean_over_latents = change(
    "the KL is a sum over the dimensions of z, not a mean", KL, f"{KL} / mu.shape[1]"
)
wrong_kl_sign = change(
    "the KL is taken off; in the loss it is added", f"(beta * {KL} - ", f"(-beta * {KL} - "
)
wrong_kl_sum_over_batch = change(
    "the KL is summed over the batch, and only the rest is averaged", KL, f"{KL}.sum()"
)
wrong_log_of_bound = change(
    "the loss draws one code for each row, and is minus the ELBO, not exercise 7's bound",
    f"return (beta * {KL} - {REC}).mean()",
    "return -iwae_bound(model, x, 5, generator).mean()",
)
wrong_log_sigma = change(
    "sigma is exp(logvar / 2) in a code, and not exp(logvar)", Z, "mu + torch.exp(logvar) * eps"
)
wrong_mean_over_all = change(
    "log p(x|z) is a sum over pixels, not a mean", f"{REC})", f"{REC}.mean() / x[0].numel())"
)
wrong_mean_over_pixels = change(
    "log p(x|z) is a sum over pixels, not a mean", f"{REC})", f"{REC} / x[0].numel())"
)
wrong_mu_detached = change(
    "no gradient flows through mu in a code: no .detach()", Z, Z.replace("mu", "mu.detach()")
)
wrong_no_generator = change(
    "the generator is not used: pass generator=generator to all that draws",
    "generator=generator, ",
    "",
)
wrong_no_return = change("nothing came back: is a `return` missing?", "return (beta", "(beta")
wrong_noise_clamped = change(
    "the noise is clamped: it has tails", "logvar, eps)", "logvar, eps.clamp(-3, 3))"
)
wrong_noise_never_used = change("the noise is not used: the mean of q is decoded", Z, "mu")
wrong_not_averaged = change(
    "this is one number for each row; the loss is their mean", "(x, z)).mean()", "(x, z))"
)
wrong_one_noise_for_batch = change(
    "rows share their noise: draw it in the shape of mu",
    Z,
    Z.replace("eps", "eps[:1].expand_as(mu)"),
)
wrong_one_noise_for_dims = change(
    "the numbers of a code share their noise: draw it in the shape of mu",
    Z,
    Z.replace("eps", "eps[:, :1].expand_as(mu)"),
)
wrong_sampled_kl = change(
    "the KL in closed form is wanted, not its value at one sample",
    KL,
    "(normal_log_prob(z, mu, logvar) - normal_log_prob(z, 0 * z, 0 * z))",
)
wrong_seed_inside = change(
    "a second call gives the same loss: set no seed inside",
    "generator=generator",
    "generator=torch.Generator().manual_seed(42)",
)
wrong_seed_without_generator = change(
    "without a generator two calls give the same: draw anew",
    "generator=generator",
    "generator=generator or torch.Generator().manual_seed(42)",
)
wrong_sigma_detached = change(
    "no gradient flows through sigma in a code: no .detach()", Z, Z.replace("var", "var.detach()")
)
wrong_sign = change(
    "the sign is turned: this is the ELBO, not minus it", "return (beta", "return -(beta"
)
wrong_sum_over_batch = change(
    "this is a sum over the rows; the loss is their mean", "(x, z)).mean()", "(x, z)).sum()"
)
wrong_uniform_noise = change(
    "the noise is uniform: torch.randn, not torch.rand", "torch.randn", "torch.rand"
)
wrong_uniform_standardised = change(
    "the noise is uniform: torch.randn, not torch.rand",
    "torch.randn",
    "torch.rand",
    "logvar, eps)",
    "logvar, (eps - 0.5) * math.sqrt(12))",
)


@torch.no_grad()
def wrong_no_grad(model, x, beta=1.0, generator=None):
    """nothing can be trained on this: no .item(), no .detach()"""
    return definition(model, x, beta, generator)


def wrong_squared_error(model, x, beta=1.0, generator=None):
    """a squared error is not log p(x|z): ask model.log_likelihood"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    error = (model.decode(reparameterize(mu, logvar, eps)) - x).square().flatten(1).sum(1)
    return (beta * kl_standard_normal(mu, logvar) + error).mean()
