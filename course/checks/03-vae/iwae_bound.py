"""3.7 A tighter bound."""

import math

import torch

from course.checks import draw, laws
from course.checks.cases import Call, Doing, Law
from course.checks.exercise import change
from dgm.distributions import reparameterize
from dgm.vae import elbo, log_weight
from dgm.vae import iwae_bound as definition


def cases(g):
    loose = {"dtype": False, "rtol": 1e-4, "atol": 1e-4}
    oracle = draw.linear_gaussian(g, 5, 2, 0.6)
    x, where = oracle.sample(7, g), "where q is the true posterior, and every weight p(x)"
    for words, rows in ((where, x), (f"{where}, below e^-800", x + 40)):
        yield Call(oracle.vae().eval(), rows, 4, generator=draw.seeded(g)).but(
            words=words, gradient=True, **loose
        )
    for k in (3, 1):
        yield Doing(
            f"k = {k}, where q is not the posterior",
            lambda answer, k=k, g=draw.seeded(g): with_its_codes(answer, g.clone_state(), k),
        ).but(atol=1e-3)
    yield Doing("without a generator", without_generator).but(**loose)
    yield Law("", measure)


def with_its_codes(answer, g, k, n=6, K=2, d=4):
    """The bound and its gradients, beside what they should be with the codes that it drew."""
    model = draw.Watched(g, n, K, d)
    got = answer(model, model.x.clone(), k, generator=draw.seeded(g))
    counts, eps = model.noise()
    found = {"how many codes each row draws": counts}
    if counts.ne(k).any():
        return found
    log_w = [elbo(model, model.x, eps[:, i], kl="sampled") for i in range(k)]
    return found | model.apart(got, torch.stack(log_w).logsumexp(0) - math.log(k))


def without_generator(answer):
    model = draw.Watched(laws.seeded(5), 4, 2, 3)
    bound, again = (answer(model, model.x.clone(), 3) for _ in range(2))
    return {"its shape": list(bound.shape), "two calls give the same": torch.equal(bound, again)}


def measure(answer):
    model, k = draw.Watched(laws.seeded(3), 400, 4, 5), 5
    answer(model, model.x.clone(), k, generator=laws.seeded(4))
    words = f"each row draws {k} codes where k = {k}, new noise for each"
    axes = ("rows of the batch", "codes of a row", "numbers of a code")
    yield from laws.of_codes(model, k, words, axes)
    yield from laws.of_the_generator(lambda g: answer(model, model.x[:9], 2, generator=g), "bounds")


# Right, in ways that differ.


def right_distributions(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    q = torch.distributions.Normal(mu, (logvar / 2).exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    log_w = []
    for _ in range(k):
        z = q.loc + q.scale * torch.randn(mu.shape, generator=generator).to(mu)
        log_w.append(model.log_likelihood(x, z) + (p.log_prob(z) - q.log_prob(z)).sum(1))
    return torch.logsumexp(torch.stack(log_w) - math.log(k), dim=0)


def right_elbo_k_times(model, x, k, generator=None):
    K = model.encoder(x)[0].shape[1]
    each = [
        elbo(model, x, torch.randn(len(x), K, generator=generator, dtype=x.dtype), kl="sampled")
        for _ in range(k)
    ]
    return torch.logsumexp(torch.stack(each), 0) - torch.log(torch.tensor(float(k)))


def right_loop(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    weights = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        z = reparameterize(mu, logvar, eps)
        weights.append(log_weight(model, x, z, mu, logvar))
    return torch.logsumexp(torch.stack(weights, dim=1), dim=1) - math.log(k)


def right_max_by_hand(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(k, *mu.shape, generator=generator, dtype=mu.dtype)
    log_w = torch.stack(
        [log_weight(model, x, reparameterize(mu, logvar, e), mu, logvar) for e in eps]
    )
    top = log_w.max(0).values.detach()
    return top + torch.log(torch.exp(log_w - top).mean(0))


def right_repeated_rows(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    x, mu, logvar = (t.repeat_interleave(k, dim=0) for t in (x, mu, logvar))
    eps = torch.empty_like(mu).normal_(generator=generator)
    log_w = log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar)
    return log_w.view(-1, k).logsumexp(1) - math.log(k)


def right_running(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    total = None
    for _ in range(k):
        z = mu + (logvar / 2).exp() * torch.randn(mu.size(), generator=generator, dtype=mu.dtype)
        w = log_weight(model, x, z, mu, logvar)
        total = w if total is None else torch.logaddexp(total, w)
    return total - math.log(k)


def right_decodes_twice(model, x, k, generator=None):
    """each code is looked at, and then used"""
    mu, logvar = model.encoder(x)
    log_w = torch.empty(k, len(x), dtype=mu.dtype)
    for i in range(k):
        z = reparameterize(mu, logvar, torch.empty_like(mu).normal_(generator=generator))
        assert model.decode(z).shape == x.shape
        log_w[i] = log_weight(model, x, z, mu, logvar)
    return log_w.logsumexp(0) - math.log(k)


def right_float32_result(model, x, k, generator=None):
    return definition(model, x, k, generator).float()


def right_plain_noise(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    weights = []
    for eps in torch.randn(k, *mu.shape, generator=generator).unbind():
        z = mu + (logvar / 2).exp() * eps
        weights.append(log_weight(model, x, z, mu, logvar))
    return torch.stack(weights, 1).logsumexp(1) - math.log(k)


# Mistakes, and what a student is told.

WEIGHT = "log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar)"
Z = "reparameterize(mu, logvar, eps)"
MEAN = "torch.logsumexp(torch.stack(log_w), 0) - math.log(k)"
LOG_K = "- math.log(k)"

wrong_analytic_kl = change(
    "each weight takes off log q(z|x) - log p(z) at its own z, not the closed form",
    WEIGHT,
    f"model.log_likelihood(x, {Z})",
    LOG_K,
    f"{LOG_K} - kl_standard_normal(mu, logvar)",
)
wrong_best_of_k = change(
    "this is the largest weight; their mean is wanted", MEAN, "torch.stack(log_w).max(0).values"
)
wrong_codes_from_prior = change(
    "the codes come from the prior and not from q: z = mu + sigma eps", Z, "eps"
)
wrong_detached = change(
    "no gradient flows through the codes: no .detach() there", Z, f"{Z}.detach()"
)
wrong_divided_by_k = change(
    "divide the sum of the weights by k, not its logarithm: log k is taken off", LOG_K, "/ k"
)
wrong_mode_switched = change(
    "the model's mode is switched: leave it as it is", "log_w = []", "log_w = []\n    model.train()"
)
wrong_in_place = change(
    "x is changed in place, and belongs to the caller: work on a copy",
    "encoder(x)",
    "encoder(x.detach().clamp_(0, 1))",
)
wrong_k_ignored = change(
    "one code serves for all k: draw noise for each", "range(k)", "range(1)", f" {LOG_K}", ""
)
wrong_likelihood_only = change(
    "a weight is p(x|z) p(z) / q(z|x), not p(x|z) alone", WEIGHT, f"model.log_likelihood(x, {Z})"
)
wrong_log_k_added = change(
    "log k is taken off, not added: a mean is the sum over k, divided by k", LOG_K, "+ math.log(k)"
)
wrong_log_k_twice = change(
    "log k is taken off twice: a mean divides by k once", LOG_K, "- 2 * math.log(k)"
)
wrong_log_sigma = change(
    "sigma is exp(logvar / 2) in a code, and not exp(logvar)", Z, "mu + logvar.exp() * eps"
)
wrong_mean_of_logs = change(
    "this is the mean of the logs; take the log of the mean", MEAN, "torch.stack(log_w).mean(0)"
)
wrong_mean_over_batch = change(
    "this is a mean over the batch; each row has a bound of its own", MEAN, f"({MEAN}).mean()"
)
wrong_mu_detached = change(
    "no gradient flows through mu in a code: no .detach()", Z, Z.replace("mu", "mu.detach()")
)
wrong_no_generator = change(
    "the generator is not used: pass generator=generator to all that draws",
    "generator=generator, ",
    "",
)
wrong_no_log_k = change(
    "log k is not taken off: a mean of k weights is wanted, not their sum", f" {LOG_K}", ""
)
wrong_no_return = change("nothing came back: is a `return` missing?", "return torch", "torch")
wrong_noise_clamped = change(
    "the noise is clamped: it has tails", "logvar, eps)", "logvar, eps.clamp(-3, 3))"
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
wrong_over_batch = change(
    "the log-sum-exp runs over the rows; it runs over the k codes",
    "torch.stack(log_w), 0)",
    "torch.stack(log_w), 1)",
)
wrong_prior_estimate = change(
    "the codes come from the prior; draw from q, and use log_weight",
    WEIGHT,
    "model.log_likelihood(x, eps)",
)
wrong_same_noise = change(
    "one code serves for all k: draw noise for each",
    "    for _ in range(k):\n        eps",
    "    eps",
    "        log_w.append",
    "    for _ in range(k):\n        log_w.append",
)
wrong_seed_inside = change(
    "a second call gives the same bounds: set no seed inside",
    "generator=generator",
    "generator=torch.Generator().manual_seed(len(log_w))",
)
wrong_seed_without_generator = change(
    "without a generator two calls give the same: draw anew",
    "generator=generator",
    "generator=generator or torch.Generator().manual_seed(len(log_w))",
)
wrong_sigma_detached = change(
    "no gradient flows through sigma in a code: no .detach()", Z, Z.replace("var", "var.detach()")
)
wrong_sum_over_k = change(
    "the logs are added up: add the weights, with logsumexp", MEAN, "torch.stack(log_w).sum(0)"
)
wrong_underflow = change(
    "the weights underflow: add them with logsumexp", MEAN, "torch.stack(log_w).exp().mean(0).log()"
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
wrong_weights_detached = change(
    "no gradient comes from log q(z|x): no .detach()",
    "eps), mu, logvar)",
    "eps), mu.detach(), logvar.detach())",
)


@torch.no_grad()
def wrong_no_grad(model, x, k, generator=None):
    """no gradient comes back, and training would stand still: no no_grad, no .detach()"""
    return definition(model, x, k, generator)


def wrong_antithetic(model, x, k, generator=None):
    """codes share their noise up to its sign: draw new noise for each of the k"""
    mu, logvar = model.encoder(x)
    eps = torch.randn((k + 1) // 2, *mu.shape, generator=generator, dtype=mu.dtype)
    z = [reparameterize(mu, logvar, e) for e in torch.cat([eps, -eps])[:k]]
    return torch.stack([log_weight(model, x, c, mu, logvar) for c in z]).logsumexp(0) - math.log(k)
