# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 03 · The variational autoencoder
#
# {launch}
#
# A picture $x$ is made in two steps: nature draws a code $z$, then a picture that fits it. We see
# $x$ and never $z$. So $p(x) = \int p(x\mid z)\,p(z)\,dz$ is out of reach, and so is $p(z\mid x)$.
# The VAE guesses $z$ with a network $q(z\mid x)$ and climbs a **lower bound** on $\log p(x)$.
#
# - **Part A, the pieces.** Two log-densities and two divergences.
# - **Part B, the bound.** A sample that gradients flow through, the ELBO, a tighter bound.
# - **Part C, the model.** The loss, and a VAE that you train on digits.
#
# At the end you will draw a map of all digits from two numbers.
#
# | | |
# |---|---|
# | **Needs** | the chapter *Variational autoencoders*, PyTorch's basics |
# | **Points** | {points}, in eight exercises |
# | **Time** | two to three hours for you, about fifteen seconds for a laptop; no GPU |
#
# **How it works.** Replace each `raise NotImplementedError` by your code. Run the check cell below
# it: it prints nothing when all is well, and names the likely mistake when not. A second, hidden
# check runs when you hand in: other inputs, other shapes. To run all visible checks at once, type
# `make check NOTEBOOK=03`, or `python -m course check 03` in JupyterLab's own terminal.

# %% given="setup"
import math

import matplotlib.pyplot as plt
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence
from torch.testing import assert_close

from dgm.data.batches import minibatches
from dgm.data import load
from dgm.exact.linear_gaussian import LinearGaussian
from dgm.nn.networks import mlp_encoder_decoder
from dgm.vae import VAE, log_weight, sample

torch.manual_seed(0)
torch.set_num_threads(1)  # networks this small gain nothing from more
digits = (load("digits")[0] + 1) / 2  # (B, 1, 8, 8), scaled from [-1, 1] to [0, 1]

# %% [markdown]
# Three conventions hold everywhere.
#
# - Row $i$ of every tensor belongs to example $i$. What comes after the first axis is the
#   **event**: `(B, 3)` are `B` codes, `(B, 1, 8, 8)` are `B` pictures.
# - A log-density is a **sum over the event**: one number for each row, shape `(B,)`. It is never a
#   mean over pixels.
# - A Gaussian is given by its mean `mu` and `logvar`, the logarithm of its **variance**.
#
# Training will differentiate all that you write. So stay in torch: no `.item()`, no `.detach()`, no
# NumPy inside.
#
# ## Part A · The pieces
#
# ### Exercise 1 · The log-density of a Gaussian
#
# *difficulty 1 of 5 · importance 5 of 5 · 10 minutes*
#
# The entries of $x$ are independent, so their densities multiply and the logarithms add:
#
# $$\log \mathcal N(x;\mu,\sigma^2) = \sum_j -\tfrac12\Bigl[\log 2\pi + \log\sigma_j^2 +
# \frac{(x_j-\mu_j)^2}{\sigma_j^2}\Bigr].$$
#
# 1. Compute the bracket for each entry.
# 2. Add up over all axes but the first. There may be one of them, or three.
#
# *Predict first:* can a log-density be above 0? Try $\sigma = 0.01$ at $x=\mu$ in your head.
#
# <details><summary>Hint 1</summary>
#
# `logvar` is already $\log\sigma^2$. Only the last term needs an `exp`.
# </details>
# <details><summary>Hint 2</summary>
#
# `t.flatten(1)` makes a table of any tensor: one row for each example. Then `.sum(1)`.
# </details>

# %% answer="normal_log_prob"
from dgm.distributions import normal_log_prob  # exercise

# %% check="normal_log_prob" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
x, mu, logvar = torch.randn(3, 5, 4, generator=g, dtype=torch.float64)
each = Normal(mu, (logvar / 2).exp()).log_prob(x)
wanted = each.sum(1)
before = [t.clone() for t in (x, mu, logvar)]
got = normal_log_prob(x, mu, logvar)
assert got is not None, "normal_log_prob returned None: did you forget `return`?"
assert got.shape == (5,), (
    f"one number for each of the 5 rows, shape (5,), got {tuple(got.shape)}: sum over the event, not over the batch"
)
for name, old, now in zip(("x", "mu", "logvar"), before, (x, mu, logvar)):
    assert torch.equal(old, now), (
        f"normal_log_prob has changed the {name} it was given: work on a copy"
    )
squares, constant = ((x - mu) ** 2 * (-logvar).exp()).sum(1) / 2, 2 * math.log(2 * math.pi)
if not torch.allclose(got.double(), wanted, rtol=1e-4, atol=1e-4):
    for mistake, value in (
        ("a mean over the entries; the log-density of the event is their sum", each.mean(1)),
        ("the sign is turned: this is a loss, not a log-density", -wanted),
        (
            "did you take logvar for the log of sigma? sigma is exp(logvar / 2)",
            Normal(mu, logvar.exp()).log_prob(x).sum(1),
        ),
        (
            "exp(logvar / 2) is sigma, not the variance",
            Normal(mu, (logvar / 4).exp()).log_prob(x).sum(1),
        ),
        ("log(2 pi) is missing", wanted + constant),
        ("log(2 pi) counts once for each entry, not once a row", wanted + constant * 3 / 4),
        ("log sigma^2 is missing: a squared error alone is no density", wanted + logvar.sum(1) / 2),
        ("the half before the square is missing", wanted - squares),
        (
            "the square is divided by the variance, not multiplied",
            wanted + squares - ((x - mu) ** 2 * logvar.exp()).sum(1) / 2,
        ),
    ):
        assert not torch.allclose(got.double(), value, rtol=1e-4, atol=1e-4), mistake
    raise AssertionError(f"torch.distributions says {wanted.tolist()}, got {got.tolist()}")
leaves = [t.clone().requires_grad_() for t in (x, mu, logvar)]
value = normal_log_prob(*leaves).sum()
assert value.requires_grad, (
    "no gradient comes back: stay in torch, without .item(), .detach() and NumPy"
)
slopes = torch.autograd.grad(value, leaves, allow_unused=True)
wanted = torch.autograd.grad(
    Normal(leaves[1], (leaves[2] / 2).exp()).log_prob(leaves[0]).sum(), leaves
)
for name, slope, truth in zip(("x", "mu", "logvar"), slopes, wanted):
    assert slope is not None, f"no gradient reaches {name}"
    assert torch.allclose(slope, truth, rtol=1e-3, atol=1e-3), (
        f"the gradient with respect to {name} is wrong"
    )
far = normal_log_prob(torch.full((1, 2), 100.0), torch.zeros(1, 2), torch.zeros(1, 2))
assert torch.isfinite(far).all(), (
    f"at x = 100 you get {far.item()}: the density itself underflows; take its log on paper"
)
assert abs(far.item() + 10001.8379) < 0.1, (
    f"at x = (100, 100) it should be -10001.84, got {far.item():.4f}"
)


# %% hidden="normal_log_prob" points=2
# Hidden check, 2 points: pictures, one entry, float32, very small and very large variances.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, dtype in (
    ((3, 2, 4, 5), torch.float64),
    ((1, 1), torch.float64),
    ((2, 2), torch.float64),
    ((6, 3, 2), torch.float32),
):
    x, mu, logvar = torch.randn(3, *shape, generator=g, dtype=dtype)
    for spread in (logvar, 3 * logvar):
        wanted = Normal(mu, (spread / 2).exp()).log_prob(x).flatten(1).sum(1)
        assert_close(
            normal_log_prob(x, mu, spread),
            wanted,
            rtol=1e-3,
            atol=1e-3,
            check_dtype=False,
            msg=f"wrong for tensors of shape {shape}",
        )
x = torch.tensor([[0.1, -30.0]], dtype=torch.float64)
logvar = torch.tensor([[-10.0, 8.0]], dtype=torch.float64)
wanted = Normal(torch.zeros_like(x), (logvar / 2).exp()).log_prob(x).sum(1)
assert_close(
    normal_log_prob(x, torch.zeros_like(x), logvar),
    wanted,
    rtol=1e-4,
    atol=1e-4,
    check_dtype=False,
    msg="wrong for log-variances of -10 and 8",
)


# %% [markdown]
# ### Exercise 2 · The log-probability of coins
#
# *difficulty 2 of 5 · importance 5 of 5 · 10 minutes*
#
# A decoder of digits says for each pixel how likely ink is. It gives **logits**: log-odds, any
# real number. With $p_j = \sigma(\text{logit}_j)$, where $\sigma$ is the sigmoid here and no standard
# deviation,
#
# $$\log p(x) = \sum_j x_j\log p_j + (1-x_j)\log(1-p_j).$$
#
# 1. Get $\log p_j$ and $\log(1-p_j)$ from the logits, exactly, also at logits of $\pm1000$.
# 2. Weigh them by $x_j$ and $1-x_j$. Grey levels between 0 and 1 stay as they are.
# 3. Add up over the event.
#
# *Predict first:* a pixel is ink, and the decoder gives it a logit of $-1000$. What does it add?
#
# <details><summary>Hint 1</summary>
#
# `log(sigmoid(-1000))` is `log(0)`. You met the cure in exercises 01: $\log\sigma(z) =
# -\log(1+e^{-z})$, in one step. And $1-\sigma(z) = \sigma(-z)$.
# </details>
# <details><summary>Hint 2</summary>
#
# `torch.nn.functional` has `logsigmoid`, `softplus` and `binary_cross_entropy_with_logits`. The
# last of them is a loss, and by default a mean.
# </details>

# %% answer="bernoulli_log_prob"
from dgm.distributions import bernoulli_log_prob  # exercise

# %% check="bernoulli_log_prob" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
x = torch.rand(6, 5, generator=g, dtype=torch.float64)
x[:, 0], x[:, 1] = 0, 1
logits = 2 * torch.randn(6, 5, generator=g, dtype=torch.float64)
p = 1 / (1 + (-logits).exp())
heads, tails = x * p.log(), (1 - x) * (1 - p).log()
wanted = (heads + tails).sum(1)
before = x.clone(), logits.clone()
got = bernoulli_log_prob(x, logits)
assert got is not None, "bernoulli_log_prob returned None: did you forget `return`?"
assert got.shape == (6,), (
    f"one number for each of the 6 rows, shape (6,), got {tuple(got.shape)}: sum over the event, not over the batch"
)
assert torch.equal(x, before[0]) and torch.equal(logits, before[1]), (
    "bernoulli_log_prob has changed what it was given: work on a copy"
)
assert not got.isnan().any(), (
    "NaN: did you take the log of a logit? Logits are log-odds, not probabilities"
)
if not torch.allclose(got.double(), wanted, rtol=1e-4, atol=1e-4):
    twice = torch.sigmoid(p)
    for mistake, value in (
        ("a mean over the pixels; the log-probability of the picture is their sum", wanted / 5),
        ("the sign is turned: the cross-entropy is a loss", -wanted),
        ("the pixels with x = 0 count too: where is (1 - x) log(1 - p)?", heads.sum(1)),
        ("ones and zeros are the wrong way round", (x * (1 - p).log() + (1 - x) * p.log()).sum(1)),
        (
            "is the sigmoid taken twice? A function `with_logits` takes it itself",
            (x * twice.log() + (1 - x) * (1 - twice).log()).sum(1),
        ),
        (
            "grey levels are weights: do not round them to 0 and 1",
            torch.where(x > 0.5, p, 1 - p).log().sum(1),
        ),
    ):
        assert not torch.allclose(got.double(), value, rtol=1e-4, atol=1e-4), mistake
    raise AssertionError(f"pixel by pixel it is {wanted.tolist()}, got {got.tolist()}")
leaf = logits.clone().requires_grad_()
value = bernoulli_log_prob(x, leaf).sum()
assert value.requires_grad, (
    "no gradient comes back: stay in torch, without .item(), .detach() and NumPy"
)
(slope,) = torch.autograd.grad(value, leaf)
assert torch.allclose(slope, x - p, rtol=1e-3, atol=1e-4), (
    "the gradient with respect to the logits should be x - p"
)
x = torch.tensor([[1.0, 0.0], [0.0, 1.0]], dtype=torch.float64)
far = bernoulli_log_prob(x, 1000 * torch.tensor([[-1.0, -1.0], [1.0, 1.0]], dtype=torch.float64))
assert torch.isfinite(far).all(), (
    f"at logits of 1000 and -1000 you get {far.tolist()}: take the log of the sigmoid in one step"
)
assert torch.allclose(far.double(), torch.full((2,), -1000.0).double(), rtol=1e-5), (
    f"one pixel right and one wrong by 1000: wanted -1000, got {far.tolist()}. A probability kept away from 0 is not exact"
)


# %% hidden="bernoulli_log_prob" points=2
# Hidden check, 2 points: digits, colour pictures, float32, both tails and the gradient there.
SEED = 0
g = torch.Generator().manual_seed(SEED)
rows = torch.randperm(len(digits), generator=g)[:7]
for x in (
    digits[rows],
    digits[rows].double(),
    torch.rand(2, 3, 4, 5, generator=g).round(),
    torch.rand(1, 1, generator=g),
):
    logits = 3 * torch.randn(x.shape, generator=g, dtype=x.dtype)
    wanted = Bernoulli(logits=logits, validate_args=False).log_prob(x).flatten(1).sum(1)
    assert_close(
        bernoulli_log_prob(x, logits),
        wanted,
        rtol=1e-4,
        atol=1e-3,
        check_dtype=False,
        msg=f"wrong for tensors of shape {tuple(x.shape)}",
    )
for dtype in (torch.float64, torch.float32):
    x = torch.tensor([[1.0, 0.0, 0.25], [0.0, 1.0, 1.0]], dtype=dtype)
    logits = torch.tensor(
        [[1000.0, -800.0, 400.0], [900.0, -700.0, 500.0]], dtype=dtype, requires_grad=True
    )
    got = bernoulli_log_prob(x, logits)
    assert_close(
        got,
        torch.tensor([-300.0, -1600.0], dtype=dtype),
        rtol=1e-5,
        atol=1e-3,
        check_dtype=False,
        msg="wrong in the tails",
    )
    assert got.requires_grad, "no gradient"
    (slope,) = torch.autograd.grad(got.sum(), logits)
    wanted = torch.tensor([[0.0, 0.0, -0.75], [-1.0, 1.0, 0.0]], dtype=dtype)
    assert_close(
        slope,
        wanted,
        rtol=1e-4,
        atol=1e-4,
        check_dtype=False,
        msg="the gradient is wrong in the tails",
    )


# %% [markdown]
# ### Exercise 3 · How far from the prior?
#
# *difficulty 2 of 5 · importance 5 of 5 · 15 minutes*
#
# The prior over codes is $p(z) = \mathcal N(0, I)$. The encoder answers with
# $q(z\mid x) = \mathcal N(\mu, \operatorname{diag}\sigma^2)$. What the answer costs is
#
# $$\mathrm{KL}\bigl(q\,\|\,p\bigr) = \mathbb E_q[\log q(z) - \log p(z)]
# = \tfrac12\sum_j\bigl(\mu_j^2 + \sigma_j^2 - 1 - \log\sigma_j^2\bigr).$$
#
# 1. Derive it on paper: $\mathbb E_q[(z-\mu)^2] = \sigma^2$ and $\mathbb E_q[z^2] = \mu^2+\sigma^2$.
# 2. Write it down, a sum over the event.
#
# *Predict first:* for which $\mu$ and $\sigma$ is it 0? What does it do as $\sigma\to0$?
#
# <details><summary>Hint 1</summary>
#
# In $\sigma^2 = e^{\texttt{logvar}}$ and $\log\sigma^2 = \texttt{logvar}$ there is nothing to halve.
# </details>
# <details><summary>Hint 2</summary>
#
# Put in $\mu=0$ and `logvar` 0: the result must be exactly 0. Then $\mu=2$: it must be 2.
# </details>

# %% answer="kl_standard_normal"
from dgm.distributions import kl_standard_normal  # exercise

# %% check="kl_standard_normal" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
mu, logvar = torch.randn(2, 5, 3, generator=g, dtype=torch.float64)
q, p = Normal(mu, (logvar / 2).exp()), Normal(torch.zeros_like(mu), torch.ones_like(mu))
wanted = kl_divergence(q, p).sum(1)
before = mu.clone(), logvar.clone()
got = kl_standard_normal(mu, logvar)
assert got is not None, "kl_standard_normal returned None: did you forget `return`?"
assert got.shape == (5,), (
    f"one number for each of the 5 rows, shape (5,), got {tuple(got.shape)}: sum over the event, not over the batch"
)
assert torch.equal(mu, before[0]) and torch.equal(logvar, before[1]), (
    "kl_standard_normal has changed what it was given: work on a copy"
)
if not torch.allclose(got.double(), wanted, rtol=1e-4, atol=1e-4):
    for mistake, value in (
        ("a mean over the dimensions; the divergence is their sum", wanted / 3),
        ("the sign is turned: a KL is 0 or more", -wanted),
        ("the half is missing", 2 * wanted),
        (
            "did you take logvar for the log of sigma? sigma is exp(logvar / 2)",
            kl_divergence(Normal(mu, logvar.exp()), p).sum(1),
        ),
        ("log sigma^2 is logvar itself, not twice that", wanted - logvar.sum(1) / 2),
        (
            "sigma^2 is exp(logvar), not exp(logvar / 2)",
            wanted + ((logvar / 2).exp() - logvar.exp()).sum(1) / 2,
        ),
        ("this is KL(p || q); the expectation is over q", kl_divergence(p, q).sum(1)),
        ("the -1 is missing", wanted + 1.5),
        ("the 1 is taken off once for each dimension", wanted + 1),
        ("the mean is squared", wanted + (mu - mu**2).sum(1) / 2),
    ):
        assert not torch.allclose(got.double(), value, rtol=1e-4, atol=1e-4), mistake
    raise AssertionError(f"torch.distributions says {wanted.tolist()}, got {got.tolist()}")
leaves = [t.clone().requires_grad_() for t in (mu, logvar)]
value = kl_standard_normal(*leaves).sum()
assert value.requires_grad, (
    "no gradient comes back: stay in torch, without .item(), .detach() and NumPy"
)
slopes = torch.autograd.grad(value, leaves, allow_unused=True)
for name, slope, truth in zip(("mu", "logvar"), slopes, (mu, (logvar.exp() - 1) / 2)):
    assert slope is not None, f"no gradient reaches {name}"
    assert torch.allclose(slope, truth, rtol=1e-3, atol=1e-4), (
        f"the gradient with respect to {name} is wrong"
    )


# %% hidden="kl_standard_normal" points=2
# Hidden check, 2 points: codes with four axes, one dimension, float32, q = p, narrow and wide q.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, dtype in (
    ((3, 2, 4, 5), torch.float64),
    ((1, 1), torch.float64),
    ((2, 2), torch.float64),
    ((6, 3, 2), torch.float32),
):
    mu, logvar = torch.randn(2, *shape, generator=g, dtype=dtype)
    q, p = Normal(mu, (logvar / 2).exp()), Normal(torch.zeros_like(mu), torch.ones_like(mu))
    assert_close(
        kl_standard_normal(mu, logvar),
        kl_divergence(q, p).flatten(1).sum(1),
        rtol=1e-4,
        atol=1e-4,
        check_dtype=False,
        msg=f"wrong for tensors of shape {shape}",
    )
zero = torch.zeros(4, 3, dtype=torch.float64)
assert_close(
    kl_standard_normal(zero, zero),
    zero[:, 0],
    rtol=0,
    atol=1e-6,
    check_dtype=False,
    msg="q = p costs nothing",
)
logvar = torch.tensor([[-20.0, 0.0], [0.0, 5.0]], dtype=torch.float64)
wanted = torch.tensor([9.5, (math.exp(5) - 6) / 2], dtype=torch.float64)
assert_close(
    kl_standard_normal(zero[:2, :2], logvar),
    wanted,
    rtol=1e-5,
    atol=1e-5,
    check_dtype=False,
    msg="wrong for a narrow or a wide q",
)


# %% [markdown]
# ### Exercise 4 · Between any two Gaussians
#
# *difficulty 2 of 5 · importance 4 of 5 · 10 minutes*
#
# The same for any Gaussian $p$. Diffusion models will need it in every step:
#
# $$\mathrm{KL}(q\,\|\,p) = \tfrac12\sum_j\Bigl[\log\frac{\sigma_{p,j}^2}{\sigma_{q,j}^2}
# + \frac{\sigma_{q,j}^2 + (\mu_{q,j}-\mu_{p,j})^2}{\sigma_{p,j}^2} - 1\Bigr].$$
#
# 1. Compute the bracket for each entry. All distances are measured in units of $p$.
# 2. Add up over the event.
#
# *Predict first:* $q$ is narrow and $p$ is wide. Which of $\mathrm{KL}(q\|p)$ and
# $\mathrm{KL}(p\|q)$ is larger?
#
# <details><summary>Hint 1</summary>
#
# The log of a ratio of variances is a difference of `logvar`s.
# </details>
# <details><summary>Hint 2</summary>
#
# With $p=\mathcal N(0,1)$ it must give what exercise 3 gives. With $q=p$ it must give 0.
# </details>

# %% answer="kl_normal"
from dgm.distributions import kl_normal  # exercise

# %% check="kl_normal" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
mu_q, logvar_q, mu_p, logvar_p = four = torch.randn(4, 5, 3, generator=g, dtype=torch.float64)
q, p = Normal(mu_q, (logvar_q / 2).exp()), Normal(mu_p, (logvar_p / 2).exp())
wanted = kl_divergence(q, p).sum(1)
before = four.clone()
got = kl_normal(*four)
assert got is not None, "kl_normal returned None: did you forget `return`?"
assert got.shape == (5,), (
    f"one number for each of the 5 rows, shape (5,), got {tuple(got.shape)}: sum over the event, not over the batch"
)
assert torch.equal(four, before), "kl_normal has changed what it was given: work on a copy"
distance = (mu_q - mu_p) ** 2
if not torch.allclose(got.double(), wanted, rtol=1e-4, atol=1e-4):
    for mistake, value in (
        ("a mean over the dimensions; the divergence is their sum", wanted / 3),
        ("this is KL(p || q): the expectation is over q", kl_divergence(p, q).sum(1)),
        (
            "the mean of both directions; the KL has one",
            (kl_divergence(q, p) + kl_divergence(p, q)).sum(1) / 2,
        ),
        ("the sign is turned: a KL is 0 or more", -wanted),
        ("the half is missing", 2 * wanted),
        (
            "the logarithm is upside down: it is log(var_p / var_q)",
            wanted + (logvar_q - logvar_p).sum(1),
        ),
        ("the -1 is missing", wanted + 1.5),
        (
            "the distance of the means is divided by the variance of p, not of q",
            wanted + (distance / q.variance - distance / p.variance).sum(1) / 2,
        ),
        (
            "the distance of the means is divided by the variance of p",
            wanted + (distance - distance / p.variance).sum(1) / 2,
        ),
        (
            "did you take logvar for the log of sigma?",
            kl_divergence(Normal(mu_q, logvar_q.exp()), Normal(mu_p, logvar_p.exp())).sum(1),
        ),
        (
            "mu_p and logvar_p are not used: p need not be the standard normal",
            kl_divergence(q, Normal(torch.zeros_like(mu_p), 1.0)).sum(1),
        ),
    ):
        assert not torch.allclose(got.double(), value, rtol=1e-4, atol=1e-4), mistake
    raise AssertionError(f"torch.distributions says {wanted.tolist()}, got {got.tolist()}")
leaves = [t.clone().requires_grad_() for t in four]
value = kl_normal(*leaves).sum()
assert value.requires_grad, (
    "no gradient comes back: stay in torch, without .item(), .detach() and NumPy"
)
slopes = torch.autograd.grad(value, leaves, allow_unused=True)
a, b, c, d = leaves
wanted = torch.autograd.grad(
    kl_divergence(Normal(a, (b / 2).exp()), Normal(c, (d / 2).exp())).sum(), leaves
)
for name, slope, truth in zip(("mu_q", "logvar_q", "mu_p", "logvar_p"), slopes, wanted):
    assert slope is not None, f"no gradient reaches {name}"
    assert torch.allclose(slope, truth, rtol=1e-3, atol=1e-3), (
        f"the gradient with respect to {name} is wrong"
    )


# %% hidden="kl_normal" points=2
# Hidden check, 2 points: pictures, one dimension, float32, q = p, variances far apart.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, dtype in (
    ((3, 2, 4, 5), torch.float64),
    ((1, 1), torch.float64),
    ((2, 2), torch.float64),
    ((6, 3, 2), torch.float32),
):
    a, b, c, d = torch.randn(4, *shape, generator=g, dtype=dtype)
    wanted = kl_divergence(Normal(a, (b / 2).exp()), Normal(c, (d / 2).exp())).flatten(1).sum(1)
    assert_close(
        kl_normal(a, b, c, d),
        wanted,
        rtol=1e-3,
        atol=1e-3,
        check_dtype=False,
        msg=f"wrong for tensors of shape {shape}",
    )
    assert_close(
        kl_normal(a, b, a, b),
        0 * wanted,
        rtol=0,
        atol=1e-4,
        check_dtype=False,
        msg="KL(q || q) is 0",
    )
zero = torch.zeros(1, 2, dtype=torch.float64)
mu, logvar = torch.tensor([[0.01, 3.0]]).double(), torch.tensor([[-10.0, 6.0]]).double()
wanted = kl_divergence(Normal(mu, 1.0), Normal(zero, (logvar / 2).exp())).sum(1)
assert_close(
    kl_normal(mu, zero, zero, logvar),
    wanted,
    rtol=1e-4,
    atol=1e-4,
    check_dtype=False,
    msg="wrong for variances far apart",
)


# %% [markdown]
# ## Part B · The bound
#
# ### Exercise 5 · A sample that gradients flow through
#
# *difficulty 2 of 5 · importance 5 of 5 · 10 minutes*
#
# To train the encoder we must differentiate through a random draw. The trick: draw noise that
# depends on nothing, and make the sample a smooth function of it.
#
# $$z = \mu + \sigma\,\varepsilon, \qquad \varepsilon\sim\mathcal N(0, I).$$
#
# 1. Turn `logvar` into the **standard deviation**.
# 2. Scale the given noise `eps` by it, and move it by `mu`. Draw nothing yourself.
#
# *Predict first:* what is $\partial z/\partial\mu$? And $\partial z/\partial\,\texttt{logvar}$?
#
# <details><summary>Hint 1</summary>
#
# $\sigma = \sqrt{\sigma^2}$, and $\sqrt{e^{a}} = e^{a/2}$.
# </details>
# <details><summary>Hint 2</summary>
#
# `Normal(mu, sigma).sample()` draws its own noise and cuts the graph. It is one line of arithmetic.
# </details>

# %% answer="reparameterize"
from dgm.distributions import reparameterize  # exercise

# %% check="reparameterize" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
mu, logvar, eps = three = torch.randn(3, 6, 4, generator=g, dtype=torch.float64)
sigma = torch.sqrt(torch.exp(logvar))
before = three.clone()
got = reparameterize(mu, logvar, eps)
assert got is not None, "reparameterize returned None: did you forget `return`?"
assert got.shape == mu.shape, (
    f"a sample has the shape of mu, {tuple(mu.shape)}, got {tuple(got.shape)}"
)
assert torch.equal(three, before), (
    "reparameterize has changed what it was given: no `+=`, no method whose name ends in _"
)
assert torch.equal(reparameterize(mu, logvar, eps), got), (
    "twice the same eps gave two samples: use the noise you are given, draw none"
)
if not torch.allclose(got.double(), mu + sigma * eps, rtol=1e-4, atol=1e-4):
    for mistake, value in (
        (
            "did you take logvar for the log of sigma? sigma is exp(logvar / 2)",
            mu + logvar.exp() * eps,
        ),
        ("sigma is exp(logvar / 2): half, not twice", mu + (2 * logvar).exp() * eps),
        ("logvar is a logarithm: sigma is exp(logvar / 2)", mu + logvar * eps),
        ("the noise is not used: this is the mean", mu),
        ("one noise for the whole batch: each row has its own", mu + sigma * eps[:1]),
        ("the noise is taken off; it is added", mu - sigma * eps),
        ("brackets: sigma scales the noise, not the mean", sigma * (mu + eps)),
    ):
        assert not torch.allclose(got.double(), value, rtol=1e-4, atol=1e-4), mistake
    raise AssertionError(
        f"the first row should be {(mu + sigma * eps)[0].tolist()}, got {got[0].tolist()}"
    )
leaves = [t.clone().requires_grad_() for t in (mu, logvar)]
got = reparameterize(*leaves, eps)
assert got.requires_grad, (
    "no gradient flows through the sample: no .detach(), no no_grad, no .sample()"
)
slopes = torch.autograd.grad(got.sum(), leaves, allow_unused=True)
for name, slope, truth in zip(("mu", "logvar"), slopes, (torch.ones_like(mu), sigma * eps / 2)):
    assert slope is not None, f"no gradient reaches {name}: was it detached, or read through .data?"
    assert torch.allclose(slope, truth, rtol=1e-3, atol=1e-4), (
        f"the gradient with respect to {name} is wrong"
    )


# %% hidden="reparameterize" points=2
# Hidden check, 2 points: codes with four axes, one row, float32, very small and large variances.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, dtype in (
    ((3, 2, 4, 5), torch.float64),
    ((1, 1), torch.float64),
    ((1, 7), torch.float32),
):
    mu, logvar, eps = torch.randn(3, *shape, generator=g, dtype=dtype)
    for spread in (logvar, 4 * logvar, logvar - 12):
        mu, spread = mu.detach().requires_grad_(), spread.detach().requires_grad_()
        z = reparameterize(mu, spread, eps)
        wanted = mu + spread.exp().sqrt() * eps
        assert_close(
            z,
            wanted,
            rtol=1e-4,
            atol=1e-5,
            check_dtype=False,
            msg=f"wrong for tensors of shape {shape}",
        )
        assert z.requires_grad, "no gradient"
        weight = torch.randn(shape, generator=g, dtype=dtype)
        for got, truth in zip(
            *(
                torch.autograd.grad((weight * t).sum(), (mu, spread), allow_unused=True)
                for t in (z, wanted)
            )
        ):
            assert got is not None, "no gradient"
            assert_close(
                got, truth, rtol=1e-3, atol=1e-4, check_dtype=False, msg="the gradient is wrong"
            )


# %% [markdown]
# ### Exercise 6 · The evidence lower bound
#
# *difficulty 3 of 5 · importance 5 of 5 · 25 minutes*
#
# For every $q$ that we may choose,
#
# $$\log p(x) \;\ge\; \mathbb E_{q(z\mid x)}\bigl[\log p(x\mid z)\bigr] -
# \mathrm{KL}\bigl(q(z\mid x)\,\|\,p(z)\bigr).$$
#
# The gap is $\mathrm{KL}(q(z\mid x)\,\|\,p(z\mid x))$. We estimate the expectation with one sample.
#
# 1. `model.encoder(x)` gives `mu` and `logvar`: what $q$ says about each row.
# 2. A sample $z$, made from the given `eps` by your exercise 5.
# 3. `model.log_likelihood(x, z)` is $\log p(x\mid z)$, one number for each row.
# 4. With `kl="analytic"`, take off the KL in closed form. With `kl="sampled"`, take off its value at
#    this very $z$: $\log q(z\mid x) - \log p(z)$.
#
# `log_weight(model, x, z, mu, logvar)` is given. It is $\log p(x\mid z) + \log p(z) - \log q(z\mid x)$.
#
# *Predict first:* suppose that $q(z\mid x)$ is the true posterior. How much does the sampled version
# vary with `eps`? Write $\log p(x,z) - \log p(z\mid x)$ and simplify.
#
# <details><summary>Hint 1</summary>
#
# Both versions share steps 1 to 3. Compare step 4's second version with what `log_weight` is.
# </details>
# <details><summary>Hint 2</summary>
#
# The noise is given: draw none. The likelihood may be Bernoulli or Gaussian: let the model say.
# And do not detach: the encoder learns from the reconstruction only through $z$.
# </details>

# %% answer="elbo"
from dgm.vae import elbo  # exercise

# %% check="elbo" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
model = VAE(*mlp_encoder_decoder((1, 8, 8), 3, (16,)), 3).double()
for parameter in model.parameters():
    parameter.data.normal_(0, 0.3, generator=g)
x = digits[torch.randperm(len(digits), generator=g)[:5]].double()
eps = torch.randn(5, 3, generator=g, dtype=torch.float64)
center, logvar = model.encoder(x)
q, prior = Normal(center, (logvar / 2).exp()), Normal(torch.zeros_like(center), 1.0)


def reconstruction(z):
    return Bernoulli(logits=model.decoder(z), validate_args=False).log_prob(x).flatten(1).sum(1)


z = center + q.stddev * eps
rec, kl, log_q, log_p = (
    reconstruction(z),
    kl_divergence(q, prior).sum(1),
    q.log_prob(z).sum(1),
    prior.log_prob(z).sum(1),
)
before = x.clone(), eps.clone()
for kind, wanted, mistakes in (
    (
        "analytic",
        rec - kl,
        (
            ("the KL is taken off, not added", rec + kl),
            ("the sign is turned: this is the loss", kl - rec),
            (
                "the KL in closed form is wanted; this is its value at one sample",
                rec - log_q + log_p,
            ),
            (
                "log_weight holds a KL already: you have taken it off twice",
                rec - log_q + log_p - kl,
            ),
            ("the noise is not used: you decode the mean", reconstruction(center) - kl),
            ("you decode eps: it is a draw from the prior, not from q", reconstruction(eps) - kl),
            (
                "one noise for the whole batch: each row has its own",
                reconstruction(center + q.stddev * eps[:1]) - kl,
            ),
            (
                "did you take logvar for the log of sigma in the sample?",
                reconstruction(center + q.variance * eps) - kl,
            ),
            ("log p(x|z) is a sum over pixels, not a mean", rec / 64 - kl),
            ("each row pays for its own KL, not for the batch's", rec - kl.sum()),
            (
                "a squared error is not log p(x|z): ask model.log_likelihood",
                -((model.decode(z) - x) ** 2).flatten(1).sum(1) - kl,
            ),
        ),
    ),
    (
        "sampled",
        rec - log_q + log_p,
        (
            ("this is the closed form: the argument kl is not used", rec - kl),
            ("the sampled KL has the wrong sign", rec + log_q - log_p),
            ("the sign is turned: this is the loss", log_q - log_p - rec),
            ("the sampled KL is log q(z|x) - log p(z); the prior is missing", rec - log_q),
            ("the sampled KL is log q(z|x) - log p(z); log q is missing", rec + log_p),
        ),
    ),
):
    got = elbo(model, x, eps, kl=kind)
    assert got is not None, "elbo returned None: did you forget `return`?"
    assert got.shape == (5,), (
        f"one bound for each of the 5 rows, shape (5,), got {tuple(got.shape)}: no mean over the batch yet"
    )
    assert torch.equal(x, before[0]) and torch.equal(eps, before[1]), (
        "elbo has changed what it was given: work on a copy"
    )
    assert torch.allclose(elbo(model, x, eps, kl=kind), got), (
        "twice the same eps gave two bounds: use the noise you are given, draw none"
    )
    if not torch.allclose(got.double(), wanted, rtol=1e-4, atol=1e-4):
        for mistake, value in mistakes:
            assert not torch.allclose(got.double(), value, rtol=1e-4, atol=1e-4), mistake
        raise AssertionError(f'with kl="{kind}" it should be {wanted.tolist()}, got {got.tolist()}')
    assert got.requires_grad, (
        "no gradient comes back: training would stand still. No no_grad, no .detach()"
    )
    parameters = list(model.parameters())
    slopes = torch.autograd.grad(got.sum(), parameters, allow_unused=True)
    truth = torch.autograd.grad(wanted.sum(), parameters, retain_graph=True)
    assert all(s is not None for s in slopes), (
        f'with kl="{kind}" a part of the model gets no gradient'
    )
    assert all(torch.allclose(s, t, rtol=1e-3, atol=1e-3) for s, t in zip(slopes, truth)), (
        f'with kl="{kind}" the value is right and the gradient is wrong: does it flow through the sample z?'
    )
W = torch.linalg.qr(torch.randn(5, 2, generator=g, dtype=torch.float64)).Q * torch.tensor(
    [2.0, 0.7]
)
oracle = LinearGaussian(
    W, torch.randn(5, generator=g, dtype=torch.float64), 0.6
)  # its encoder is the true posterior
x = oracle.sample(7, g)
got = elbo(oracle.vae(), x, 3 * torch.randn(7, 2, generator=g, dtype=torch.float64), kl="sampled")
assert torch.allclose(got.double(), oracle.log_prob(x), rtol=1e-4, atol=1e-4), (
    "where q is the true posterior, the sampled bound is log p(x) for every eps. Here p(x|z) is Gaussian: do you ask model.log_likelihood?"
)


# %% hidden="elbo" points=2
# Hidden check, 2 points: points and pictures, three likelihoods, float32, one row, the gradient.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, K, n, likelihood, dtype in (
    ((3,), 1, 1, "gaussian", torch.float64),
    ((2, 3, 4), 5, 6, "gaussian", torch.float64),
    ((6,), 2, 4, "bernoulli", torch.float32),
    ((1, 5, 4), 2, 3, "discretized_gaussian", torch.float64),
):
    pair = mlp_encoder_decoder(shape, K, (8,), with_logvar=likelihood == "discretized_gaussian")
    model = VAE(*pair, K, likelihood, 0.5, levels=17).to(dtype)
    for parameter in model.parameters():
        parameter.data.normal_(0, 0.3, generator=g)
    x = torch.randint(17, (n, *shape), generator=g).to(dtype) / 8 - 1
    x = x.abs() if likelihood == "bernoulli" else x
    eps = torch.randn(n, K, generator=g, dtype=dtype)
    mu, logvar = model.encoder(x)
    q, prior = Normal(mu, (logvar / 2).exp()), Normal(torch.zeros_like(mu), 1.0)
    z = mu + q.stddev * eps
    rec = model.log_likelihood(x, z)
    for kind, kl in (
        ("analytic", kl_divergence(q, prior)),
        ("sampled", q.log_prob(z) - prior.log_prob(z)),
    ):
        wanted, got = rec - kl.sum(1), elbo(model, x, eps, kl=kind)
        assert_close(
            got,
            wanted,
            rtol=1e-3,
            atol=1e-3,
            check_dtype=False,
            msg=f"wrong for {likelihood}, {kind}, shape {shape}",
        )
        assert got.requires_grad, "no gradient"
        slopes = torch.autograd.grad(got.sum(), list(model.parameters()), allow_unused=True)
        for slope, truth in zip(
            slopes, torch.autograd.grad(wanted.sum(), list(model.parameters()), retain_graph=True)
        ):
            assert slope is not None, "no gradient"
            assert_close(
                slope,
                truth,
                rtol=1e-2,
                atol=1e-2,
                check_dtype=False,
                msg=f"the gradient is wrong for {likelihood}, {kind}",
            )
    assert_close(
        elbo(model, x, eps), elbo(model, x, eps, kl="analytic"), msg="analytic is the default"
    )


# %% [markdown]
# ### Exercise 7 · A tighter bound
#
# *difficulty 3 of 5 · importance 3 of 5 · 20 minutes*
#
# One code gives one weight, $w = p(x,z)/q(z\mid x)$, and $\mathbb E_q[w] = p(x)$ exactly. So
# average $k$ weights **before** you take the logarithm:
#
# $$\log p(x) \;\ge\; \mathbb E\Bigl[\log \frac1k\sum_{i=1}^{k} w_i\Bigr],
# \qquad z_1,\dots,z_k \sim q(z\mid x).$$
#
# 1. Encode `x` once.
# 2. $k$ times: draw fresh noise for each row and each dimension from `generator`, make a code, and
#    keep `log_weight`.
# 3. The logarithm of the mean weight of each row. The weights are as small as $e^{-800}$: never
#    form them.
#
# *Predict first:* what is the bound with $k=1$? And with $k=1000$, if $q$ is the true posterior?
#
# <details><summary>Hint 1</summary>
#
# $\log\sum_i e^{a_i}$ is `torch.logsumexp`. On which axis do the $k$ codes stand, on which the rows?
# </details>
# <details><summary>Hint 2</summary>
#
# A mean is a sum over $k$, and its logarithm is less by $\log k$.
# `torch.randn(mu.shape, generator=generator, dtype=mu.dtype)` draws noise.
# </details>

# %% answer="iwae_bound"
from dgm.vae import iwae_bound  # exercise

# %% check="iwae_bound" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
W = torch.linalg.qr(torch.randn(5, 2, generator=g, dtype=torch.float64)).Q * torch.tensor(
    [2.0, 0.7]
)
oracle = LinearGaussian(W, torch.randn(5, generator=g, dtype=torch.float64), 0.6)
x = oracle.sample(7, g)
before, truth = x.clone(), oracle.log_prob(x)
# 1. The encoder is the true posterior, so every weight is p(x), and chance has no say.
got = iwae_bound(oracle.vae(), x, 4, g)
assert got is not None, "iwae_bound returned None: did you forget `return`?"
assert got.shape == (7,), (
    f"one bound for each of the 7 rows, shape (7,), got {tuple(got.shape)}: is the log-sum-exp taken over the codes?"
)
assert torch.equal(x, before), "iwae_bound has changed the x it was given: work on a copy"
if not torch.allclose(got.double(), truth, rtol=1e-4, atol=1e-4):
    for mistake, value in (
        (
            "log k is not taken off: a mean of k weights is wanted, not their sum",
            truth + math.log(4),
        ),
        ("log k is taken off twice, or never added", truth - math.log(4)),
        ("the logs of the weights are added up: add the weights, with logsumexp", 4 * truth),
        ("divide the sum of the weights by k, not its logarithm", (truth + math.log(4)) / 4),
    ):
        assert not torch.allclose(got.double(), value, rtol=1e-4, atol=1e-4), mistake
    raise AssertionError(
        f"with the true posterior as q every weight is p(x), and the bound is {truth.tolist()}; got {got.tolist()}"
    )
far = iwae_bound(oracle.vae(), x + 40, 4, g).double()
assert torch.isfinite(far).all(), (
    "the weights underflow: keep their logarithms, and add with logsumexp"
)
assert torch.allclose(far, oracle.log_prob(x + 40), rtol=1e-4, atol=1e-4), (
    "wrong where log p(x) is far below 0"
)


# 2. Now q is moved by one standard deviation and has twice the variance. The mean weight must still
#    be p(x), and its variance over p(x)^2 must be spread / k: six standard errors, at 2000 rows.
def moved(x, by=1.0):
    mu, logvar = oracle.encoder(x)
    return mu + by * (logvar / 2).exp(), logvar + math.log(2)


k, n = 5, 2000
t = torch.linspace(-12, 12, 4001, dtype=torch.float64)
spread = (
    torch.trapezoid(
        (2 * Normal(0.0, 1.0).log_prob(t) - Normal(1.0, math.sqrt(2)).log_prob(t)).exp(), t
    )
    ** 2
    - 1
)
model, rows = VAE(moved, oracle.decoder, 2, "gaussian", 0.6), x[:1].expand(n, -1)
same = [torch.Generator().manual_seed(SEED + 1) for _ in range(2)]
bound, twice = (iwae_bound(model, rows, k, s).double() for s in same)
assert torch.equal(bound, twice), (
    "the same generator state gave other bounds: hand generator=generator to all that draws"
)
assert not torch.equal(iwae_bound(model, rows, k, same[0]).double(), bound), (
    "a second call gave the same bounds: set no seed inside"
)
assert bound.std() > 1e-6, (
    "2000 equal rows have all the same bound: draw noise for each row, and use it"
)
ratio = (bound - truth[0]).exp()  # the mean weight of each row, over p(x)
error = (spread / k / n).sqrt()
kl = kl_divergence(Normal(1.0, math.sqrt(2)), Normal(0.0, 1.0)) * 2
assert ratio.mean() < 1 + 6 * (spread / n).sqrt(), (
    f"the mean weight should be p(x); it is {ratio.mean():.3f} times that: is it the largest of the k?"
)
assert abs(ratio.var() / spread - 1) > 0.5, (
    "the bound varies as with one code: draw new noise for each of the k"
)
assert abs(bound.mean() - truth[0] + kl) > 6 * bound.std() / math.sqrt(n), (
    "this is the mean of the logs, an ELBO: take the log of the mean weight"
)
assert abs(ratio.mean() - 1) < 6 * error, (
    f"the mean weight should be p(x); it is {ratio.mean():.3f} times that. Is the noise normal, and sigma exp(logvar / 2)?"
)
assert 1 / 1.6 < ratio.var() / (spread / k) < 1.6, (
    "the spread of the bound is not that of a mean of k independent weights"
)
# 3. The gradient, with k = 1: on average it draws the mean of q back, through the samples.
shift = torch.ones((), dtype=torch.float64, requires_grad=True)
model = VAE(lambda x: moved(x, shift), oracle.decoder, 2, "gaussian", 0.6)
value = iwae_bound(model, rows, 1, g).double().mean()
assert value.requires_grad, "no gradient comes back: no no_grad, no .detach()"
(slope,) = torch.autograd.grad(value, shift)
assert abs(slope + 2) < 6 * 2 / math.sqrt(n), (
    f"the slope should be -2 on average, got {slope:.3f}: does the gradient flow through z?"
)


# %% hidden="iwae_bound" points=2
# Hidden check, 2 points: pictures, float32, other k, other q, the mean and spread of the weights.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, n, k, dtype in (
    ((1, 8, 8), 3, 6, torch.float64),
    ((5,), 1, 3, torch.float32),
    ((2, 3), 4, 1, torch.float64),
):
    logits = torch.randn(
        shape, generator=g, dtype=dtype
    )  # a decoder that does not look at z: log p(x) is known
    model = VAE(
        lambda x: (x.flatten(1)[:, :2] * 0, x.flatten(1)[:, :2] * 0),
        lambda z, logits=logits: logits.expand(len(z), *logits.shape),
        2,
    )
    x = torch.rand(n, *shape, generator=g, dtype=dtype)
    wanted = Bernoulli(logits=logits, validate_args=False).log_prob(x).flatten(1).sum(1)
    assert_close(
        iwae_bound(model, x, k, g),
        wanted,
        rtol=1e-4,
        atol=1e-4,
        check_dtype=False,
        msg=f"wrong for x of shape {(n, *shape)}",
    )
    assert iwae_bound(model, x, k).shape == (n,), "without a generator"
oracle = LinearGaussian(torch.eye(4, 3).double(), torch.zeros(4).double(), 1.0)
x = oracle.sample(1, g)
truth, k, n = oracle.log_prob(x), 8, 2000


def moved(x):
    mu, logvar = oracle.encoder(x)
    return mu - 0.5 * (logvar / 2).exp(), logvar + math.log(1.5)


t = torch.linspace(-12, 12, 4001, dtype=torch.float64)
spread = (
    torch.trapezoid(
        (2 * Normal(0.0, 1.0).log_prob(t) - Normal(-0.5, math.sqrt(1.5)).log_prob(t)).exp(), t
    )
    ** 3
    - 1
)
ratio = (
    iwae_bound(VAE(moved, oracle.decoder, 3, "gaussian", 1.0), x.expand(n, -1), k, g).double()
    - truth
).exp()
assert abs(ratio.mean() - 1) < 6 * (spread / k / n).sqrt(), "the mean weight is p(x)"
assert 1 / 1.6 < ratio.var() / (spread / k) < 1.6, "k independent codes"
assert abs(torch.corrcoef(torch.stack([ratio[1:], ratio[:-1]]))[0, 1]) < 6 / math.sqrt(n - 1), (
    "the rows are independent"
)

# %% [markdown]
# Your bounds, beside the truth. The model is linear and Gaussian, so that $\log p(x)$ is known. Its
# $q$ is wrong on purpose. More codes close the gap, and up to noise no bound crosses the line.

# %% demo=true
g = torch.Generator().manual_seed(0)
oracle = LinearGaussian(torch.randn(5, 2, generator=g).double(), torch.zeros(5).double(), 0.6)


def wrong(x):
    mu, logvar = oracle.encoder(x)
    return mu + 0.3, logvar + math.log(2)


model, rows = VAE(wrong, oracle.decoder, 2, "gaussian", 0.6), oracle.sample(1, g).expand(4000, -1)
codes = [1, 2, 4, 8, 16, 32, 64]
plt.figure(figsize=(5, 3))
plt.semilogx(
    codes,
    [iwae_bound(model, rows, k, g).mean() for k in codes],
    "o-",
    base=2,
    label="IWAE with k codes",
)
eps = torch.randn(4000, 2, generator=g, dtype=torch.float64)
plt.axhline(elbo(model, rows, eps).mean(), ls=":", label="ELBO")
plt.axhline(oracle.log_prob(rows[:1]).item(), color="k", label="log p(x), exact")
plt.xlabel("k")
plt.ylabel("nats")
plt.legend()
plt.show()

# %% [markdown]
# ## Part C · The model
#
# ### Exercise 8 · The loss
#
# *difficulty 3 of 5 · importance 5 of 5 · 15 minutes*
#
# Training climbs the ELBO, so the loss is its negative, averaged over the batch. A weight $\beta$ on
# the KL lets us trade:
#
# $$\mathcal L = \frac1B\sum_{i=1}^{B} \Bigl[\beta\,\mathrm{KL}\bigl(q(z\mid x_i)\,\|\,p(z)\bigr)
# - \log p(x_i\mid z_i)\Bigr], \qquad z_i \sim q(z\mid x_i).$$
#
# 1. Encode, and draw **one** code for each row, with noise from `generator`.
# 2. $\beta$ times the KL in closed form, less the log-likelihood.
# 3. The mean over the batch, and nothing else is a mean.
#
# *Predict first:* what would training do if you took a mean over the 64 pixels and a sum over the
# KL? Which $\beta$ is that the same as?
#
# <details><summary>Hint 1</summary>
#
# With $\beta=1$ it is minus the mean of your `elbo`. With another $\beta$ only the KL changes.
# </details>
# <details><summary>Hint 2</summary>
#
# Noise for each row and each dimension: the shape of `mu`. Hand on `generator=generator`.
# </details>

# %% answer="vae_loss"
from dgm.vae import vae_loss  # exercise

# %% check="vae_loss" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
encoder, inner = mlp_encoder_decoder((1, 8, 8), 12, (16,))
parameters = [*encoder.double().parameters(), *inner.double().parameters()]
for parameter in parameters:
    parameter.data.normal_(0, 0.3, generator=g)
seen = []


def decoder(z):  # keeps the codes that it is given, so that we can see your noise
    seen.append(z.detach().clone())
    return inner(z)


model = VAE(encoder, decoder, 12)
n = 150
x = digits[torch.randperm(len(digits), generator=g)[:n]].double()
before = x.clone()
mu, logvar = encoder(x)
q = Normal(mu, (logvar / 2).exp())
prior = Normal(torch.zeros_like(mu), 1.0)
kl = kl_divergence(q, prior).sum(1)
for beta in (1.0, 4.0):
    seen.clear()
    loss = vae_loss(model, x, beta=beta, generator=g)
    assert loss is not None, "vae_loss returned None: did you forget `return`?"
    assert torch.is_tensor(loss) and loss.requires_grad, (
        "nothing can be trained on this: return a tensor with its graph, no .item(), no .detach()"
    )
    assert loss.numel() == 1, (
        f"one number is wanted, got shape {tuple(loss.shape)}: take the mean over the batch"
    )
    assert torch.equal(x, before), "vae_loss has changed the x it was given: work on a copy"
    assert seen and len(torch.cat(seen)) == n, (
        f"{n} rows need {n} codes, one each; {sum(map(len, seen))} were decoded"
    )
    eps = (torch.cat(seen) - mu.detach()) / q.stddev.detach()  # the noise that you used
    z = mu + q.stddev * eps
    rec = Bernoulli(logits=inner(z), validate_args=False).log_prob(x).flatten(1).sum(1)
    squares = ((inner(z).sigmoid() - x) ** 2).flatten(1).sum(1)
    sampled = (q.log_prob(z) - prior.log_prob(z)).sum(1)
    wanted = (beta * kl - rec).mean()
    if not torch.allclose(loss.double(), wanted, rtol=1e-5):
        for mistake, value in (
            ("the sign is turned: this is the ELBO, and training makes the loss small", -wanted),
            ("the KL is taken off; in the loss it is added", (-rec - beta * kl).mean()),
            ("a sum over the batch; the loss is a mean over its rows", wanted * n),
            (
                "the KL is summed over the batch, and only the rest is averaged",
                beta * kl.sum() - rec.mean(),
            ),
            ("log p(x|z) is a sum over pixels, not a mean", (beta * kl - rec / 64).mean()),
            ("nothing is divided by the number of pixels", wanted / 64),
            (
                "the KL in closed form is wanted, not its value at one sample",
                (beta * sampled - rec).mean(),
            ),
            (
                "a squared error is not log p(x|z): ask model.log_likelihood",
                (beta * kl + squares).mean(),
            ),
            ("the KL is a sum over the dimensions of z, not a mean", (beta * kl / 12 - rec).mean()),
            ("beta is not used", (kl - rec).mean()),
            ("beta weighs the KL, not the reconstruction", (kl - beta * rec).mean()),
            ("beta weighs the KL alone, not the whole", beta * (kl - rec).mean()),
        ):
            assert not torch.allclose(loss.double(), value, rtol=1e-5), (
                f"at beta = {beta}: {mistake}"
            )
        raise AssertionError(
            f"at beta = {beta}, with the codes that you drew, it should be {wanted.item():.4f}, got {loss.item():.4f}"
        )
    truth = torch.autograd.grad(wanted, parameters, retain_graph=True)
    slopes = torch.autograd.grad(loss, parameters, allow_unused=True)
    assert all(s is not None for s in slopes), "a part of the model gets no gradient"
    assert all(torch.allclose(s, t, rtol=1e-3, atol=1e-3) for s, t in zip(slopes, truth)), (
        "the value is right and the gradient is wrong: does it flow through the sample z? Is sigma exp(logvar / 2)?"
    )
# The noise: 1800 numbers that should be standard normal, six standard errors.
assert eps.abs().max() > 1e-6, "the noise is not used: you decode the mean of q"
assert (eps - eps[:1]).abs().max() > 1e-6, (
    "one noise for the whole batch: draw it in the shape of mu"
)
assert (eps - eps[:, :1]).abs().max() > 1e-6, (
    "one noise for all dimensions of a code: draw it in the shape of mu"
)
N, two = eps.numel(), 0.0455
assert abs(eps.mean()) < 6 / math.sqrt(N), (
    f"the noise should have mean 0, has {eps.mean():.3f}: is it uniform?"
)
assert abs(eps.var() - 1) < 6 * math.sqrt(2 / N), (
    f"the noise should have variance 1, has {eps.var():.3f}"
)
assert abs((eps.abs() > 2).double().mean() - two) < 6 * math.sqrt(two * (1 - two) / N), (
    "the noise should be normal: randn, not rand"
)
assert torch.corrcoef(eps.T).fill_diagonal_(0).abs().max() < 6 / math.sqrt(n), (
    "the dimensions' noises are correlated"
)
assert (eps[1:] * eps[:-1]).mean(0).abs().max() < 6 / math.sqrt(n - 1), (
    "the rows' noises are correlated"
)
same = [torch.Generator().manual_seed(SEED + 1) for _ in range(2)]
first, twice = (vae_loss(model, x[:9], generator=s).item() for s in same)
assert first == twice, (
    "the same generator state gave another loss: hand generator=generator to all that draws"
)
assert vae_loss(model, x[:9], generator=same[0]).item() != first, (
    "a second call gave the same loss: set no seed inside"
)


# %% hidden="vae_loss" points=2
# Hidden check, 2 points: points and pictures, three likelihoods, float32, beta from 0 to 10.
SEED = 0
g = torch.Generator().manual_seed(SEED)
seen = []
for shape, K, n, likelihood, dtype, beta in (
    ((3,), 1, 1, "gaussian", torch.float64, 0.0),
    ((2, 3, 4), 5, 6, "gaussian", torch.float64, 10.0),
    ((6,), 2, 4, "bernoulli", torch.float32, 0.5),
    ((1, 5, 4), 2, 3, "discretized_gaussian", torch.float64, 2.0),
):
    encoder, inner = mlp_encoder_decoder(
        shape, K, (8,), with_logvar=likelihood == "discretized_gaussian"
    )
    parameters = [*encoder.to(dtype).parameters(), *inner.to(dtype).parameters()]
    for parameter in parameters:
        parameter.data.normal_(0, 0.3, generator=g)

    def decoder(z, inner=inner):
        seen.append(z.detach().clone())
        return inner(z)

    x = torch.randint(17, (n, *shape), generator=g).to(dtype) / 8 - 1
    x = x.abs() if likelihood == "bernoulli" else x
    mu, logvar = encoder(x)
    q = Normal(mu, (logvar / 2).exp())
    kl = kl_divergence(q, Normal(torch.zeros_like(mu), 1.0)).sum(1)
    seen.clear()
    loss = vae_loss(VAE(encoder, decoder, K, likelihood, 0.5, levels=17), x, beta, g)
    eps = (torch.cat(seen) - mu.detach()) / q.stddev.detach()
    assert (
        eps.shape == mu.shape and eps.abs().min() > 1e-9 and eps.unique().numel() == eps.numel()
    ), "one fresh noise for each entry"
    rec = VAE(encoder, inner, K, likelihood, 0.5, levels=17).log_likelihood(x, mu + q.stddev * eps)
    wanted = (beta * kl - rec).mean()
    assert torch.is_tensor(loss) and loss.requires_grad, "no gradient"
    assert loss.numel() == 1, "one number"
    assert_close(
        loss.reshape(()),
        wanted,
        rtol=1e-3,
        atol=1e-3,
        check_dtype=False,
        msg=f"wrong for {likelihood}, beta {beta}, shape {shape}",
    )
    truth = torch.autograd.grad(wanted, parameters, retain_graph=True)
    for slope, t in zip(torch.autograd.grad(loss, parameters, allow_unused=True), truth):
        assert slope is not None, "no gradient"
        assert_close(
            slope,
            t,
            rtol=1e-2,
            atol=1e-2,
            check_dtype=False,
            msg=f"the gradient is wrong for {likelihood}, beta {beta}",
        )
    assert torch.isfinite(
        vae_loss(model=VAE(encoder, inner, K, likelihood, 0.5, levels=17), x=x)
    ), "without a generator"

# %% [markdown]
# ## The payoff
#
# ### All digits from two numbers
#
# Your loss, 1400 digits, a code of two numbers, a few seconds. Without your loss nothing happens:
# the loop below knows no objective of its own.


# %% demo=true
def train(beta, steps, latent_dim=2, seed=0):
    torch.manual_seed(seed)  # the networks' first weights
    g = torch.Generator().manual_seed(seed)
    model = VAE(*mlp_encoder_decoder((1, 8, 8), latent_dim, (128,)), latent_dim)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    losses = []
    for x in minibatches(digits, 128, steps, g):
        loss = vae_loss(model, x, beta, g)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model, losses


def show(pictures, columns, title=""):
    rows = -(-len(pictures) // columns)
    sheet = pictures.view(rows, columns, 8, 8).permute(0, 2, 1, 3).reshape(8 * rows, 8 * columns)
    plt.figure(figsize=(0.45 * columns, 0.45 * rows))
    plt.imshow(sheet, cmap="gray_r", vmin=0, vmax=1)
    plt.axis("off")
    plt.title(title, fontsize=9, loc="left")
    plt.show()


vae, losses = train(beta=1.0, steps=2000)
print(f"loss: {sum(losses[:20]) / 20:.1f} nats at first, {sum(losses[-20:]) / 20:.1f} at the end")
held_out = (load("digits", "test")[0] + 1) / 2
with torch.no_grad():
    g = torch.Generator().manual_seed(1)
    for k in (1, 10, 100):
        print(
            f"held-out digits, bound with {k:>3} codes: {iwae_bound(vae, held_out, k, g).mean():.2f} nats"
        )
show(sample(vae, 20, torch.Generator().manual_seed(2)), 20, "drawn from the prior")

# %% [markdown]
# ### A walk through the latent space
#
# Both numbers of the code run over the prior's quantiles, from 3 % to 97 %. Each place has its digit,
# and between two digits lies a picture that is half of each.

# %% demo=true
with torch.no_grad():
    ticks = Normal(0.0, 1.0).icdf(torch.linspace(0.03, 0.97, 14))
    grid = torch.cartesian_prod(ticks, ticks)
    show(vae.decode(grid), 14, "decoded codes")
    mu, _ = vae.encoder(digits)
plt.figure(figsize=(5, 4))
plt.scatter(*mu.T, c=load("digits")[1], cmap="tab10", s=6)
plt.colorbar(label="digit")
plt.xlabel("first number of the code's mean")
plt.ylabel("second number")
plt.title("where the encoder puts the digits; no label was used", fontsize=9, loc="left")
plt.show()

# %% [markdown]
# ## Break it
#
# Two more runs. Their losses fall, nothing crashes, and the samples are good for nothing. Before you
# open the answer: look at the KL of each, and at what the decoder makes of five different digits.
# What happened to the code?

# %% demo=true
with torch.no_grad():
    prior_cost = kl_standard_normal(*vae.encoder(digits)).mean()
print(f"healthy: KL {prior_cost:.3f} nats")
for name, beta in (("patient A", 30.0), ("patient B", 0.0)):
    ill, losses = train(beta=beta, steps=600)
    with torch.no_grad():
        mu, logvar = ill.encoder(digits)
        print(
            f"{name}: loss from {losses[0]:.1f} to {losses[-1]:.1f}, KL {kl_standard_normal(mu, logvar).mean():.3f} nats, "
            f"mean sigma {(logvar / 2).exp().mean():.3f}, spread of mu {mu.std(0).mean():.2f}"
        )
        five = digits[:5]
        drawn = sample(ill, 10, torch.Generator().manual_seed(0))
        show(
            torch.cat([five, ill(five), drawn]),
            20,
            f"{name}: five digits, their reconstructions, ten samples",
        )

# %% [markdown]
# <details><summary>Patient A</summary>
#
# $\beta = 30$: **posterior collapse**. Every nat in the code costs thirty, and saves less. So the
# encoder answers $\mathcal N(0, I)$ to every picture, the KL is 0, and the decoder, which learns
# nothing from $z$, draws the mean digit. A mean over the pixels beside a KL that is summed is the same
# as $\beta=64$: a common way to meet the illness.
# </details>
# <details><summary>Patient B</summary>
#
# $\beta = 0$: an autoencoder. Nothing draws $q$ to the prior. The reconstructions are sharp, the codes
# lie far out and $\sigma$ is tiny, and a draw from $\mathcal N(0, I)$ lands where no digit was ever
# encoded.
# </details>
#
# ## Questions to think about
#
# <details><summary>1. Why is the gap between log p(x) and the ELBO a KL, and which one?</summary>
#
# $\log p(x) - \mathrm{ELBO} = \mathrm{KL}(q(z\mid x)\,\|\,p(z\mid x))$. Put
# $p(x, z) = p(x)\,p(z\mid x)$ into the ELBO and take $\log p(x)$ out of the expectation.
# </details>
# <details><summary>2. The analytic and the sampled KL have the same mean. Which varies less?</summary>
#
# It depends on $q$. Far from the posterior the closed form often has less noise. But where $q$ is
# the true posterior the sampled form has none at all: the noise of the KL cancels that of the reconstruction.
# </details>
# <details><summary>3. Why are samples of a VAE blurred?</summary>
#
# What `sample` shows is the mean $\mathbb E[x\mid z]$, the average of all pictures that share a code.
# Where they disagree about an edge, the average is grey.
# </details>
# <details><summary>4. Why not draw the codes of exercise 7 from the prior?</summary>
#
# The mean weight would still be $p(x)$ in expectation. But almost no code from the prior explains
# $x$: all weight would fall on the luckiest, and $k$ would have to be astronomic.
# </details>
#
# **Harder, no points.** Train with `iwae_bound(vae, x, 5, g)` as the objective. Is the bound on
# held-out digits better? What happens to the quality of $q$ as $k$ grows? And: give the KL *free bits*,
# $\max(\mathrm{KL}_j, 0.1)$ for each dimension, and cure patient A.
