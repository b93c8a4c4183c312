"""3.6 The evidence lower bound."""

import torch
from torch.distributions import Normal as Gauss

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.distributions import (
    bernoulli_log_prob,
    kl_normal,
    kl_standard_normal,
    normal_log_prob,
    reparameterize,
)
from dgm.vae import elbo as definition
from dgm.vae import log_weight


def cases(g):
    loose = {"dtype": False, "rtol": 1e-4, "atol": 1e-4, "gradient": True}
    model, eps = draw.vae(g, (1, 8, 8), 3), draw.normal(g, 5, 3)
    x = draw.pictures(g, 5, (1, 8, 8), "bernoulli")
    for kl in ({"kl": "analytic"}, {"kl": "sampled"}, {}):
        yield Call(model, x, eps, **kl).but(**loose)
    oracle = draw.linear_gaussian(g, 5, 2, 0.6)
    x, eps = oracle.sample(7, g), 3 * draw.normal(g, 7, 2)
    where = "with a Gaussian likelihood, and the true posterior as q"
    for kl in ("analytic", "sampled"):
        yield Call(oracle.vae().eval(), x, eps, kl=kl).but(
            words=f"{where}, kl = {kl!r}", clue="Does it ask model.log_likelihood?", **loose
        )


# Right, in ways that differ.


def right_analytic_from_weight(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    value = log_weight(model, x, z, mu, logvar)
    if kl == "analytic":
        zero = torch.zeros_like(z)
        sampled = normal_log_prob(z, mu, logvar) - normal_log_prob(z, zero, zero)
        value = value + sampled - kl_standard_normal(mu, logvar)
    return value


def right_distributions(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    q, p = Gauss(mu, (logvar / 2).exp()), Gauss(torch.zeros_like(mu), torch.ones_like(mu))
    z = q.mean + q.stddev * eps
    if kl == "sampled":
        divergence = q.log_prob(z).sum(1) - p.log_prob(z).sum(1)
    elif kl == "analytic":
        divergence = torch.distributions.kl_divergence(q, p).sum(1)
    else:
        raise ValueError(kl)
    return model.log_likelihood(x, z) - divergence


def right_own_sampled(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = mu + torch.exp(logvar / 2) * eps
    rec = model.log_likelihood(x, z)
    if kl == "sampled":
        # log q - log p at z; the constants cancel
        d = 0.5 * (z**2 - eps**2 - logvar).sum(dim=1)
    else:
        d = 0.5 * (mu**2 + logvar.exp() - logvar - 1).sum(dim=1)
    return rec - d


def right_row_by_row(model, x, eps, kl="analytic"):
    bounds = []
    for i in range(len(x)):
        row = x[i : i + 1]
        mu, logvar = model.encoder(row)
        z = reparameterize(mu, logvar, eps[i : i + 1])
        zero = torch.zeros_like(z)
        if kl == "analytic":
            divergence = kl_normal(mu, logvar, zero, zero)
        else:
            divergence = normal_log_prob(z, mu, logvar) - normal_log_prob(z, zero, zero)
        bounds.append(model.log_likelihood(row, z) - divergence)
    return torch.cat(bounds)


def right_short(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "analytic":
        return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)
    return log_weight(model, x, z, mu, logvar)


def right_float32_result(model, x, eps, kl="analytic"):
    return definition(model, x, eps, kl).float()


def right_weight_twice(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    either = {"sampled": log_weight(model, x, z, mu, logvar)}
    either["analytic"] = model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)
    return either[kl]


# Mistakes, and what a student is told.

Z = "reparameterize(mu, logvar, eps)"
WEIGHT = "log_weight(model, x, z, mu, logvar)"
KL = "kl_standard_normal(mu, logvar)"
REC = "model.log_likelihood(x, z)"
ENCODE = "mu, logvar = model.encoder(x)"

wrong_always_analytic = change(
    "kl is not used: this is always the closed form", 'if kl == "sampled":', "if False:"
)
wrong_always_sampled = change(
    "kl is not used: this is always the KL at one sample", 'if kl == "sampled":', "if True:"
)
wrong_binarized = change(
    "x is rounded to 0 and 1; grey levels stay as they are", ENCODE, f"x = x.round()\n    {ENCODE}"
)
wrong_default_sampled = change(
    'the default of kl is "analytic", not "sampled"', 'kl: str = "analytic"', 'kl: str = "sampled"'
)
wrong_detached = change(
    "no gradient flows through the sample z: no .detach() there", Z, f"{Z}.detach()"
)
wrong_encoder_without_graph = change(
    "no gradient reaches the encoder: no .detach() there",
    ENCODE,
    "mu, logvar = (t.detach() for t in model.encoder(x))",
)
wrong_eps_as_code = change(
    "eps is decoded: it is a draw from the prior; the code is a draw from q", Z, "eps"
)
wrong_eps_drawn_inside = change(
    "it draws noise of its own: eps is given, draw none",
    Z,
    Z.replace("eps", "torch.randn_like(mu)"),
)
wrong_evaluation_mode = change(
    "the model's mode is switched: leave it as it is", ENCODE, f"model.eval()\n    {ENCODE}"
)
wrong_half_log_weight = change(
    "log_weight has taken off a KL already", f"{REC} - kl", f"{WEIGHT} - kl"
)
wrong_in_place = change(
    "x is changed in place, and belongs to the caller: work on a copy",
    "r(x)\n",
    "r(x.detach().clamp_(0.1, 0.9))\n",
)
wrong_kl_added = change(
    "the KL is added; it is taken off", "(x, z) - kl_standard", "(x, z) + kl_standard"
)
wrong_kl_detached = change(
    "no gradient comes from the KL: no .detach() there", KL, f"{KL}.detach()"
)
wrong_kl_mean_over_dims = change(
    "the KL is a sum over the dimensions of z, not a mean", KL, f"{KL} / mu.shape[1]"
)
wrong_kl_summed_over_batch = change(
    "each row pays for its own KL, not for the batch's", KL, f"{KL}.sum()"
)
wrong_logvar_data = change(
    "no gradient flows through sigma in the sample z: no .detach() there",
    Z,
    Z.replace("var", "var.data"),
)
wrong_loss = change(
    "the sign is turned: this is the loss",
    "return log_weight",
    "return -log_weight",
    f"{REC} - {KL}",
    f"{KL} - {REC}",
)
wrong_mean_over_batch = change(
    "this is a mean over the batch; each row has a bound of its own",
    WEIGHT,
    f"{WEIGHT}.mean()",
    f"{REC} - {KL}",
    f"({REC} - {KL}).mean()",
)
wrong_no_entropy = change(
    "the sampled KL is log q(z|x) - log p(z); log q is missing",
    WEIGHT,
    f"{WEIGHT} + normal_log_prob(z, mu, logvar)",
)
wrong_no_prior = change(
    "the sampled KL is log q(z|x) - log p(z); the prior is missing",
    WEIGHT,
    f"{WEIGHT} - normal_log_prob(z, 0 * z, 0 * z)",
)
wrong_no_return = change(
    "nothing came back: is a `return` missing?",
    "return model.log",
    "model.log",
    "return log_w",
    "log_w",
)
wrong_noise_never_used = change("the noise is not used: the mean of q is decoded", Z, "mu")
wrong_one_noise_for_batch = change(
    "one noise serves the whole batch: each row has its own",
    Z,
    Z.replace("eps", "eps[:1].expand_as(mu)"),
)
wrong_training_mode = change(
    "the model's mode is switched: leave it as it is", ENCODE, f"model.train()\n    {ENCODE}"
)


def _less(rec, z, mu, logvar, kl):
    zero = torch.zeros_like(z)
    if kl == "sampled":
        return rec - normal_log_prob(z, mu, logvar) + normal_log_prob(z, zero, zero)
    return rec - kl_standard_normal(mu, logvar)


def wrong_always_bernoulli(model, x, eps, kl="analytic"):
    """the likelihood need not be Bernoulli: ask model.log_likelihood"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    return _less(bernoulli_log_prob(x, model.decoder(z)), z, mu, logvar, kl)


def wrong_log_sigma(model, x, eps, kl="analytic"):
    """sigma is exp(logvar / 2) in the sample, and not exp(logvar)"""
    mu, logvar = model.encoder(x)
    z = mu + torch.exp(logvar) * eps
    return _less(model.log_likelihood(x, z), z, mu, logvar, kl)


def wrong_mean_over_pixels(model, x, eps, kl="analytic"):
    """log p(x|z) is a sum over pixels, not a mean"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    return _less(model.log_likelihood(x, z) / x[0].numel(), z, mu, logvar, kl)


@torch.no_grad()
def wrong_no_grad(model, x, eps, kl="analytic"):
    """no gradient comes back, and training would stand still: no no_grad, no .detach()"""
    return definition(model, x, eps, kl)


def wrong_sampled_sign(model, x, eps, kl="analytic"):
    """the sampled KL has the wrong sign: log q(z|x) is taken off, log p(z) is added"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    rec = model.log_likelihood(x, z)
    return 2 * rec - _less(rec, z, mu, logvar, kl) if kl == "sampled" else definition(model, x, eps)


def wrong_squared_error(model, x, eps, kl="analytic"):
    """a squared error is not log p(x|z): ask model.log_likelihood"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    return _less(-((model.decode(z) - x) ** 2).flatten(1).sum(1), z, mu, logvar, kl)
