# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 05 · Diffusion
#
# {launch}
#
# Take a picture and add a little noise. Again, and again, a thousand times: nothing of it is left.
# That way **down** needs no learning. A diffusion model learns the way **back up**, one small step
# at a time, and then it can start from pure noise. It is a VAE with $T$ layers of latents, whose
# encoder is fixed.
#
# - **Part A, the way down.** One step, and many steps at once.
# - **Part B, the way back.** What Bayes' rule says of it, and what a wrong step costs.
# - **Part C, one prediction with three names.** Noise, data, velocity, and what each is worth.
#
# At the end your own functions turn a spiral into noise, and noise into the spiral. No network is
# trained here: the data are so well known that the best prediction has a formula. Training comes
# with the next assignment.
#
# | | |
# |---|---|
# | **Needs** | the chapter *Diffusion*, PyTorch's basics |
# | **Points** | {points}, in nine exercises |
# | **Time** | two to three hours for you, about twenty seconds for a laptop; no GPU |
#
# **How it works.** Replace each `raise NotImplementedError` by your code. Run the check cell below
# it: it prints nothing when all is well, and names the likely mistake when not. A second, hidden
# check runs when you hand in: other inputs, other shapes. To run all visible checks at once, type
# `make check NOTEBOOK=05`, or `python -m course check 05` in JupyterLab's own terminal.

# %% given="setup"
import math

import matplotlib.pyplot as plt
import torch
from torch.distributions import Normal, kl_divergence
from torch.testing import assert_close

from dgm.exact.gaussians import GaussianMixture
from dgm.hierarchical import GaussianChain, elbo_terms
from dgm.schedule import NoiseSchedule, at, linear_beta

torch.manual_seed(0)
torch.set_num_threads(1)  # tensors this small gain nothing from more


# %% given="tools"
# What the checks share. You need not read it.
def ask(function, *inputs):
    """What an answer gives for these inputs, of which it may change none."""
    name, tensors = function.__name__, [i for i in inputs if torch.is_tensor(i)]
    for i in inputs:
        if isinstance(i, NoiseSchedule):
            tensors += [i.beta, i.alpha, i.alpha_bar, i.beta_tilde, i.snr]
    before = [i.detach().clone() for i in tensors]
    got = function(*inputs)
    assert got is not None, f"{name} returned None: did you forget `return`?"
    assert all(map(torch.equal, before, tensors)), (
        f"{name} has changed what it was given: no `+=`, no `mul_` and the like; work on a copy"
    )
    return got


def like(x, got, name):
    """`got`, if it is a tensor of the shape and the dtype of x."""
    assert torch.is_tensor(got), f"{name} should return a tensor, got {type(got).__name__}"
    assert got.shape == x.shape, (
        f"the shape of x, {tuple(x.shape)}, is wanted; got {tuple(got.shape)}. Beside an x with "
        f"{x.dim()} axes a coefficient has shape {(len(x), *[1] * (x.dim() - 1))}: {x.dim()} axes too"
    )
    assert got.dtype == x.dtype, (
        f"{x.dtype} in, {x.dtype} out; got {got.dtype}. Cast what you look up in a table, not x"
    )
    return got


def near(got, wanted, slack=1e-5):
    """Whether they agree as far as floating-point numbers can be asked to."""
    return torch.allclose(got, torch.as_tensor(wanted).to(got), rtol=1e-5, atol=slack)


def explain(got, wanted, mistakes):
    """Nothing if `got` is `wanted`; else an error that says which of the likely mistakes it is."""
    got = got.detach().double()
    if torch.allclose(got, wanted, rtol=1e-5, atol=1e-6):
        return
    for mistake, value in mistakes:
        value = torch.as_tensor(value, dtype=torch.float64).expand_as(wanted)
        assert not torch.allclose(got, value, rtol=1e-5, atol=1e-6), mistake
    raise AssertionError(
        f"the first entries should be {wanted.flatten()[:3].tolist()}, "
        f"got {got.flatten()[:3].tolist()}"
    )


# %% [markdown]
# Four conventions hold everywhere.
#
# - A **step** `t` is a number from 1 to $T$. Each row of a batch has its own: `t` has shape `(B,)`.
# - The **tables** `schedule.beta`, `.alpha`, `.alpha_bar`, `.beta_tilde`, `.snr` have $T+1$ entries,
#   so that entry `t` belongs to step $t$. Entry 0 belongs to the clean data: $\beta_0=0$,
#   $\bar\alpha_0=1$. So `schedule.beta[t]` looks up a whole batch, and `t - 1` is always in the table.
# - **Data** have shape `(B, *D)`: points `(B, 2)`, pictures `(B, 1, 8, 8)`, anything. A coefficient
#   must then have shape `(B, 1, ..., 1)`. `at(table, t, x)` does all of it: it looks up, adds the axes
#   that `x` has, and changes to the dtype of `x`. Use it, or do it your way.
# - Tables are float64. **The result has the dtype of the data**: float32 in, float32 out.
#
# Nothing here draws random numbers: the noise `eps` is handed to you. And what you are given stays as
# it is.

# %% demo=true
schedule = NoiseSchedule.linear(T=1000)
x, t = torch.zeros(3, 1, 8, 8), torch.tensor([1, 500, 1000])
print("the table:         ", tuple(schedule.beta.shape), schedule.beta.dtype)
print("beta at the steps: ", schedule.beta[t])
print("beside x it is:    ", tuple(at(schedule.beta, t, x).shape), at(schedule.beta, t, x).dtype)

# %% [markdown]
# ## Part A · The way down
#
# ### Exercise 1 · One step
#
# *difficulty 1 of 5 · importance 5 of 5 · 15 minutes*
#
# From $x_{t-1}$ to $x_t$ the data shrink a little, and a little noise comes in:
#
# $$q(x_t\mid x_{t-1}) = \mathcal N\bigl(\sqrt{1-\beta_t}\,x_{t-1},\ \beta_t I\bigr), \qquad
# x_t = \sqrt{\alpha_t}\,x_{t-1} + \sqrt{\beta_t}\,\varepsilon, \qquad \alpha_t = 1-\beta_t .$$
#
# 1. Look up both coefficients for the batch. $\beta_t$ is a **variance**: noise is multiplied by a
#    standard deviation.
# 2. Give them the axes that `x` has, and its dtype.
# 3. Shrink, and add.
#
# *Predict first:* the entries of $x_{t-1}$ have mean 0 and variance 1. Which variance has $x_t$? Which
# would it have after 1000 steps if $x_{t-1}$ did not shrink?
#
# <details><summary>Hint 1</summary>
#
# `schedule.beta[t]` has shape `(B,)`. Multiplied with an `x` of shape `(B, 3)` it would run along the
# *last* axis: wrong, or an error. It has to be `(B, 1)` here, and `(B, 1, 1, 1)` beside pictures.
# </details>
# <details><summary>Hint 2</summary>
#
# `at(schedule.beta, t, x)` has the right shape and dtype. Without it:
# `.view(-1, *[1] * (x.dim() - 1))` and `.to(x.dtype)`.
# </details>

# %% answer="forward_step"
from dgm.diffusion import forward_step  # exercise

# %% check="forward_step" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T, B = 9, 4
beta = 0.05 + 0.4 * torch.rand(T + 1, generator=g, dtype=torch.float64)
beta[0] = 0
schedule = NoiseSchedule(beta)
t = 2 + torch.randperm(T - 2, generator=g)[:B]  # four steps of 2..8
x, eps = torch.randn(2, B, B, B, generator=g, dtype=torch.float64)


def shaped(table, shift=0):
    return table[t + shift].reshape(B, 1, 1)


a, b, bar = shaped(schedule.alpha), shaped(beta), shaped(schedule.alpha_bar)
wanted = torch.stack(
    [math.sqrt(1 - v) * x[i] + math.sqrt(v) * eps[i] for i, v in enumerate(beta[t].tolist())]
)
got = like(x, ask(forward_step, x, t, eps, schedule), "forward_step")
assert torch.equal(got, forward_step(x, t, eps, schedule)), (
    "twice the same inputs, and two results: use the noise eps that is given, and draw none"
)
own = torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)[t - 1].reshape(B, 1, 1)
explain(
    got,
    wanted,
    [
        ("both square roots are missing", a * x + b * eps),
        ("the square root of alpha is missing", a * x + b.sqrt() * eps),
        ("beta is a variance: noise is multiplied by a standard deviation", a.sqrt() * x + b * eps),
        ("alpha_bar goes all the way from x_0; one step takes alpha", bar.sqrt() * x + (1 - bar).sqrt() * eps),
        ("1 - alpha_bar is the noise of all steps; one step adds beta", a.sqrt() * x + (1 - bar).sqrt() * eps),
        ("the coefficients have changed places: nearly all of x is kept", b.sqrt() * x + a.sqrt() * eps),
        ("this is step t - 1: entry t of a table belongs to step t", shaped(schedule.alpha, -1).sqrt() * x + shaped(beta, -1).sqrt() * eps),
        ("this is step t + 1: entry t of a table belongs to step t", shaped(schedule.alpha, 1).sqrt() * x + shaped(beta, 1).sqrt() * eps),
        *[("each row has a step of its own; here one t serves the whole batch", (1 - beta[k]).sqrt() * x + beta[k].sqrt() * eps) for k in t],
        ("right for an x of two axes only: here the coefficient is (B, 1, 1), not (B, 1)", (1 - beta[t][:, None]).sqrt() * x + beta[t][:, None].sqrt() * eps),
        ("the coefficient runs along the last axis: its shape is (B, 1, 1) here, not (B,)", (1 - beta[t]).sqrt() * x + beta[t].sqrt() * eps),
        ("x has to shrink, by sqrt(alpha)", x + b.sqrt() * eps),
        ("add the noise; here it is taken off", a.sqrt() * x - b.sqrt() * eps),
        ("sqrt(1 - alpha) is not 1 - sqrt(alpha)", a.sqrt() * x + (1 - a.sqrt()) * eps),
        ("use the schedule that is given; not all have a thousand linear steps", (1 - own).sqrt() * x + own.sqrt() * eps),
    ],
)  # fmt: skip
like(x.float(), ask(forward_step, x.float(), t, eps.float(), schedule), "forward_step")
for shape in ((3, 2), (3, 2, 1, 4)):
    x, eps = torch.randn(2, *shape, generator=g, dtype=torch.float64)
    t = torch.tensor([1, 5, T])
    got = like(x, ask(forward_step, x, t, eps, schedule), "forward_step")
    for i, v in enumerate(beta[t].tolist()):
        assert near(got[i], math.sqrt(1 - v) * x[i] + math.sqrt(v) * eps[i]), (
            f"wrong for shape {shape}, t = {int(t[i])} of T = {T}"
        )


# %% hidden="forward_step" points=1
# Hidden check, 1 point: other shapes and schedules, one row, the first and the last step, float32.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, T, dtype in (
    ((3, 3, 3, 3), 1000, torch.float64),
    ((5, 3), 12, torch.float64),
    ((2, 3, 4, 5), 3, torch.float32),
    ((6, 1, 2), 1, torch.float64),
    ((1, 7), 30, torch.float32),
):
    beta = 0.02 + 0.7 * torch.rand(T + 1, generator=g, dtype=torch.float64)
    beta[0] = 0
    schedule = NoiseSchedule(beta) if T < 1000 else NoiseSchedule.cosine(T)
    t = torch.randint(1, T + 1, shape[:1], generator=g)
    t[-1] = T
    x, eps = 3 * torch.randn(2, *shape, generator=g, dtype=dtype)
    got = forward_step(x, t, eps, schedule)
    assert torch.is_tensor(got) and got.shape == x.shape, "a tensor of the shape of x"
    assert got.dtype == dtype, "the dtype of x"
    part = schedule.beta[t].reshape(-1, *[1] * (x.dim() - 1))
    wanted = ((1 - part).sqrt() * x + part.sqrt() * eps).to(dtype)
    assert_close(got, wanted, rtol=1e-4, atol=1e-4, msg=f"wrong for x of shape {shape}, T = {T}")


# %% [markdown]
# ### Exercise 2 · What is left of the data
#
# *difficulty 1 of 5 · importance 5 of 5 · 10 minutes*
#
# Put step 1 into step 2: $x_2 = \sqrt{\alpha_2\alpha_1}\,x_0 + \sqrt{\alpha_2\beta_1}\,\varepsilon_1 +
# \sqrt{\beta_2}\,\varepsilon_2$. The two noises are independent, so their *variances* add up:
# $\alpha_2\beta_1+\beta_2 = \alpha_2(1-\alpha_1)+1-\alpha_2 = 1-\alpha_1\alpha_2$. And so on. After $t$
# steps the share of the data's variance that is left is
#
# $$\bar\alpha_t = \prod_{s=1}^{t}\alpha_s = \prod_{s=1}^{t}(1-\beta_s), \qquad \bar\alpha_0 = 1,$$
#
# and the noise has the variance $1-\bar\alpha_t$.
#
# 1. `beta` has $T+1$ entries, the first of which is 0. So has the result, whose first is 1.
# 2. Its dtype is that of `beta`. (At the first steps $\bar\alpha$ is so near to 1 that float32 would
#    lose the digits of $1-\bar\alpha$.)
#
# *Predict first:* 1000 steps, $\beta$ from 0.0001 to 0.02 along a line. Is $\bar\alpha_{1000}$ near 0.9,
# 0.01 or 0.00005? (For small $\beta$, $\log(1-\beta)\approx-\beta$.)
#
# <details><summary>Hint 1</summary>
#
# With $\beta_0=0$ the first factor is 1. Entry 0 needs no special care.
# </details>
# <details><summary>Hint 2</summary>
#
# A running sum is `torch.cumsum`. A running product has a name of the same kind; a loop will do.
# </details>

# %% answer="cumulative_alpha"
from dgm.schedule import cumulative_alpha  # exercise

# %% check="cumulative_alpha" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T = 6
beta = 0.05 + 0.4 * torch.rand(T + 1, generator=g, dtype=torch.float64)
beta[0] = 0
wanted, kept = [1.0], 1.0
for b in beta[1:].tolist():
    kept *= 1 - b
    wanted.append(kept)
wanted = torch.tensor(wanted, dtype=torch.float64)
got = torch.as_tensor(ask(cumulative_alpha, beta))
ends = "entry 0 belongs to the clean data, and the last to step T"
assert got.dim() == 1, f"a whole table is wanted, shape {(T + 1,)}; got shape {tuple(got.shape)}"
assert len(got) != T, f"T entries; T + 1 are wanted, the first of them 1: {ends}"
assert len(got) != T + 2, f"T + 2 entries; beta has its entry 0 already: {ends}"
assert len(got) == T + 1, f"{T + 1} entries, as beta has, are wanted; got {len(got)}"
alpha = 1 - beta
own = torch.cat([beta[:1], torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)])[: T + 1]
explain(
    got,
    wanted,
    [
        ("a sum in place of the product", 1 - torch.cumsum(beta, 0)),
        ("the product of the betas; it is that of 1 - beta", torch.cumprod(beta, 0)),
        ("this is alpha: multiply it up from 1 to t", alpha),
        ("this is alpha_bar of the step before", torch.cat([wanted[:1], wanted[:-1]])),
        ("the 1 of the clean data comes first, not last", torch.cat([wanted[1:], wanted[:1]])),
        ("entry 0 should be 1: nothing is lost before the first step", torch.cat([beta[:1], wanted[1:]])),
        ("no square root: it is the share of the variance", wanted.sqrt()),
        ("this is the noise, 1 - alpha_bar; what is left of the data is wanted", 1 - wanted),
        ("exp(-sum of beta) is near it for small beta only", torch.exp(-torch.cumsum(beta, 0))),
        ("this is its logarithm", wanted.log()),
        ("each step has a beta of its own: a product, not a power", alpha ** torch.arange(T + 1)),
        ("use the beta that is given; not all schedules have a thousand linear steps", torch.cumprod(1 - own, 0)),
        ("multiplied from the other end: start at entry 0", alpha.flip(0).cumprod(0).flip(0)),
    ],
)  # fmt: skip
assert got.dtype == torch.float64, f"float64 is wanted, the dtype of beta; got {got.dtype}"
beta = torch.cat([torch.zeros(1), torch.full((1000,), 1e-4)]).double()
beta[501:] = 0.02
got = torch.as_tensor(cumulative_alpha(beta))
lost, wanted = (1 - got[1]).item(), 1e-4 - 1e-12
assert abs(lost - beta[1].item()) < 1e-12, (
    f"beta_1 = 0.0001: 1 - alpha_bar_1 should be 0.0001, got {lost:.10f}. Was it rounded to float32?"
)
wanted = 500 * (math.log1p(-beta[1].item()) + math.log1p(-beta[-1].item()))
assert abs(got[-1].item() / math.exp(wanted) - 1) < 1e-9, (
    f"after 1000 steps it should be {math.exp(wanted):.6g}, got {got[-1].item():.6g}: no clamp"
)


# %% hidden="cumulative_alpha" points=1
# Hidden check, 1 point: one step, many steps, large and small betas, against sums of logarithms.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for T, scale in ((1, 0.9), (2, 0.5), (17, 0.3), (400, 0.05), (1000, 0.02)):
    beta = torch.cat([torch.zeros(1), scale * torch.rand(T, generator=g) + 1e-5]).double()
    before = beta.clone()
    got = cumulative_alpha(beta.clone())
    assert got is not None, "nothing came back"
    got = torch.as_tensor(got)
    assert got.shape == (T + 1,), "T + 1 entries"
    assert got.dtype == torch.float64, "the dtype of beta"
    wanted = torch.log1p(-before).cumsum(0).exp()
    assert_close(got, wanted, rtol=1e-9, atol=0.0, msg=f"wrong for T = {T}")
    assert_close(1 - got, 1 - wanted, rtol=1e-8, atol=0.0, msg=f"inexact near 1 for T = {T}")


# %% [markdown]
# ### Exercise 3 · All steps at once
#
# *difficulty 2 of 5 · importance 5 of 5 · 10 minutes*
#
# So nobody has to walk to $x_t$ step by step. From the data it is one jump:
#
# $$q(x_t\mid x_0) = \mathcal N\bigl(\sqrt{\bar\alpha_t}\,x_0,\ (1-\bar\alpha_t) I\bigr), \qquad
# x_t = \sqrt{\bar\alpha_t}\,x_0 + \sqrt{1-\bar\alpha_t}\,\varepsilon .$$
#
# Training lives on it: any $t$, for any row, at the price of one line.
#
# 1. Look up $\bar\alpha_t$ for the batch, with the axes and the dtype of `x0`.
# 2. Both roots; shrink, and add.
#
# *Predict first:* at which $\bar\alpha$ do data of variance 1 and noise weigh the same? With
# $\bar\alpha = 0.01$, how much of $x_0$ can you still see: 10 %, 1 %, 0.01 %?
#
# <details><summary>Hint 1</summary>
#
# It is exercise 1 with another table.
# </details>
# <details><summary>Hint 2</summary>
#
# $\sqrt{1-\bar\alpha}$ is not $1-\sqrt{\bar\alpha}$: at $\bar\alpha=0.81$ they are 0.44 and 0.1.
# </details>

# %% answer="q_sample"
from dgm.diffusion import q_sample  # exercise

# %% check="q_sample" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T, B = 9, 4
beta = 0.05 + 0.4 * torch.rand(T + 1, generator=g, dtype=torch.float64)
beta[0] = 0
schedule = NoiseSchedule(beta)
t = 2 + torch.randperm(T - 2, generator=g)[:B]  # four steps of 2..8
x0, eps = 2 * torch.randn(2, B, B, B, generator=g, dtype=torch.float64)


def jump(v):  # with the coefficients that v, in place of alpha_bar, would give
    return v.sqrt() * x0 + (1 - v).sqrt() * eps


def shaped(table, shift=0):
    return table[t + shift].reshape(B, 1, 1)


bars = schedule.alpha_bar
a, bar = shaped(schedule.alpha), shaped(bars)
wanted = torch.stack(
    [math.sqrt(v) * x0[i] + math.sqrt(1 - v) * eps[i] for i, v in enumerate(bars[t].tolist())]
)
got = like(x0, ask(q_sample, x0, t, eps, schedule), "q_sample")
assert torch.equal(got, q_sample(x0, t, eps, schedule)), (
    "twice the same inputs, and two results: use the noise eps that is given, and draw none"
)
walked = []
for row, k, noise in zip(x0, t.tolist(), eps):
    for s in range(1, k + 1):
        row = (1 - beta[s]).sqrt() * row + beta[s].sqrt() * noise
    walked.append(row)
own = (1 - torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)).cumprod(0)[t - 1].reshape(B, 1, 1)
explain(
    got,
    wanted,
    [
        ("alpha is one step; alpha_bar is all of them", jump(a)),
        ("both square roots are missing", bar * x0 + (1 - bar) * eps),
        ("the square root of alpha_bar is missing", bar * x0 + (1 - bar).sqrt() * eps),
        ("1 - alpha_bar is a variance: noise is multiplied by a standard deviation", bar.sqrt() * x0 + (1 - bar) * eps),
        ("sqrt(1 - alpha_bar) is not 1 - sqrt(alpha_bar)", bar.sqrt() * x0 + (1 - bar.sqrt()) * eps),
        ("the variance of the noise is 1 - alpha_bar, not 1 - sqrt(alpha_bar)", bar.sqrt() * x0 + (1 - bar.sqrt()).sqrt() * eps),
        ("the coefficients have changed places", jump(1 - bar)),
        ("beta is the noise of the last step; all steps together make 1 - alpha_bar", bar.sqrt() * x0 + shaped(beta).sqrt() * eps),
        ("earlier noise shrinks too: the variance is 1 - alpha_bar, not the sum of the betas", bar.sqrt() * x0 + shaped(beta.cumsum(0)).sqrt() * eps),
        ("this is x_(t-1): entry t of a table belongs to step t", jump(shaped(bars, -1))),
        ("this is x_(t+1): entry t of a table belongs to step t", jump(shaped(bars, 1))),
        *[("each row has a step of its own; here one t serves the whole batch", jump(bars[k])) for k in range(T + 1)],
        ("right for an x of two axes only: here the coefficient is (B, 1, 1), not (B, 1)", jump(bars[t][:, None])),
        ("the coefficient runs along the last axis: its shape is (B, 1, 1) here, not (B,)", jump(bars[t])),
        ("t steps with one and the same noise: independent noises add up their variances", torch.stack(walked)),
        ("use the schedule that is given; not all have a thousand linear steps", jump(own)),
        ("nothing is clipped: noise has no range", wanted.clamp(-1, 1)),
    ],
)  # fmt: skip
like(x0.float(), ask(q_sample, x0.float(), t, eps.float(), schedule), "q_sample")
for shape in ((3, 2), (3, 2, 1, 4)):
    x0, eps = torch.randn(2, *shape, generator=g, dtype=torch.float64)
    t = torch.tensor([1, 5, T])
    got = like(x0, ask(q_sample, x0, t, eps, schedule), "q_sample")
    for i, v in enumerate(bars[t].tolist()):
        assert near(got[i], math.sqrt(v) * x0[i] + math.sqrt(1 - v) * eps[i]), (
            f"wrong for shape {shape}, t = {int(t[i])} of T = {T}"
        )


# %% hidden="q_sample" points=2
# Hidden check, 2 points: other shapes and schedules, one row, the first and the last step, float32;
# and T single steps have the same mean and variance.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, T, dtype in (
    ((3, 3, 3, 3), 1000, torch.float64),
    ((5, 3), 12, torch.float64),
    ((2, 3, 4, 5), 3, torch.float32),
    ((6, 1, 2), 1, torch.float64),
    ((1, 7), 30, torch.float32),
):
    beta = 0.02 + 0.5 * torch.rand(T + 1, generator=g, dtype=torch.float64)
    beta[0] = 0
    schedule = NoiseSchedule(beta) if T < 1000 else NoiseSchedule.cosine(T)
    t = torch.randint(1, T + 1, shape[:1], generator=g)
    t[-1] = T
    x0, eps = 3 * torch.randn(2, *shape, generator=g, dtype=dtype)
    got = q_sample(x0, t, eps, schedule)
    assert torch.is_tensor(got) and got.shape == x0.shape, "a tensor of the shape of x0"
    assert got.dtype == dtype, "the dtype of x0"
    part = schedule.alpha_bar[t].reshape(-1, *[1] * (x0.dim() - 1))
    wanted = (part.sqrt() * x0 + (1 - part).sqrt() * eps).to(dtype)
    assert_close(got, wanted, rtol=1e-4, atol=1e-4, msg=f"wrong for x0 of shape {shape}, T = {T}")
T = 25
beta = 0.3 * torch.rand(T + 1, generator=g, dtype=torch.float64) + 0.01
beta[0] = 0
mean, variance = 1.0, 0.0  # of x_t, from x_0 = 1
one = torch.ones(1, 1, dtype=torch.float64)
for k in range(1, T + 1):
    mean, variance = mean * math.sqrt(1 - beta[k]), variance * (1 - beta[k].item()) + beta[k].item()
    t = torch.tensor([k])
    signal = q_sample(one, t, 0 * one, NoiseSchedule(beta)).item()
    noise = q_sample(0 * one, t, one, NoiseSchedule(beta)).item()
    assert abs(signal - mean) < 1e-5, "the mean of that many single steps"
    assert abs(noise**2 - variance) < 1e-5, "the variance of that many single steps"


# %% [markdown]
# Your three functions. A spiral goes down, above one `forward_step` after the other with fresh noise,
# below by one jump of `q_sample`. No two points agree, and the clouds are the same. Why?

# %% demo=true
angle = 1.5 * math.pi * (1 + 2 * torch.linspace(0, 1, 60, dtype=torch.float64))
curve = torch.stack([angle.cos(), angle.sin()], 1) * angle[:, None] / 7
ones = torch.ones(60, dtype=torch.float64)
spiral = GaussianMixture(ones / 60, curve, 0.05**2 * ones)  # sixty small Gaussians
schedule = NoiseSchedule(linear_beta(100, 1e-3, 0.15))
assert torch.allclose(cumulative_alpha(schedule.beta), schedule.alpha_bar)
g = torch.Generator().manual_seed(0)
x0 = spiral.sample(800, g)
moments, x, seen = (1, 5, 15, 40, 100), x0, []
for k in range(1, 101):
    eps = torch.randn(x.shape, generator=g, dtype=x.dtype)
    x = forward_step(x, torch.full((len(x),), k), eps, schedule)
    if k in moments:
        seen.append(x)
figure, axes = plt.subplots(2, 5, figsize=(9, 3.8), layout="constrained")
for k, walked, (above, below) in zip(moments, seen, axes.T):
    eps = torch.randn(x0.shape, generator=g, dtype=x.dtype)
    jumped = q_sample(x0, torch.full((len(x0),), k), eps, schedule)
    for axis, cloud in ((above, walked), (below, jumped)):
        axis.scatter(*cloud.T, s=1)
        axis.set(xlim=(-3, 3), ylim=(-3, 3), xticks=[], yticks=[], aspect="equal")
    above.set_title(f"t = {k}, " + r"$\bar\alpha$" + f" = {schedule.alpha_bar[k]:.3f}", fontsize=9)
axes[0, 0].set_ylabel("step by step", fontsize=9)
axes[1, 0].set_ylabel("one jump", fontsize=9)
plt.show()

# %% [markdown]
# ## Part B · The way back
#
# ### Exercise 4 · The step back, if the data are known
#
# *difficulty 4 of 5 · importance 5 of 5 · 25 minutes*
#
# Where did $x_t$ come from? If $x_0$ is known too, Bayes' rule answers. Everything here is Gaussian:
#
# $$q(x_{t-1}\mid x_t,x_0) \;\propto\;
# \underbrace{\mathcal N\bigl(x_t;\sqrt{\alpha_t}\,x_{t-1},\beta_t\bigr)}_{\text{the step}}\;
# \underbrace{\mathcal N\bigl(x_{t-1};\sqrt{\bar\alpha_{t-1}}\,x_0,1-\bar\alpha_{t-1}\bigr)}_{\text{the jump to }t-1}.$$
#
# Take the logarithm and read off the precision (the factor of $-\tfrac12x_{t-1}^2$) and the shift
# (the factor of $x_{t-1}$):
#
# $$\frac1{\tilde\beta_t}=\frac{\alpha_t}{\beta_t}+\frac1{1-\bar\alpha_{t-1}},\qquad
# \frac{\text{mean}}{\tilde\beta_t}=\frac{\sqrt{\alpha_t}}{\beta_t}\,x_t+
# \frac{\sqrt{\bar\alpha_{t-1}}}{1-\bar\alpha_{t-1}}\,x_0 .$$
#
# 1. On paper: solve for $\tilde\beta_t$ and for the mean, with $\alpha_t(1-\bar\alpha_{t-1})+\beta_t =
#    1-\bar\alpha_t$. You should arrive at
#
#    $$\tilde\beta_t=\frac{1-\bar\alpha_{t-1}}{1-\bar\alpha_t}\,\beta_t,\qquad
#    \text{mean}=\frac{\sqrt{\bar\alpha_{t-1}}\,\beta_t}{1-\bar\alpha_t}\,x_0+
#    \frac{\sqrt{\alpha_t}\,(1-\bar\alpha_{t-1})}{1-\bar\alpha_t}\,x_t .$$
#
#    (A slide that goes round has $1-\sqrt{\bar\alpha_{t-1}}$ in the variance. You know better now.)
# 2. Return both: the mean, of the shape of `x0`, and the **variance**, of shape `(B, 1, ..., 1)`.
# 3. At $t=1$ the mean is exactly $x_0$ and the variance 0. Solved for, the formulas say so; the
#    precisions as they stand say $1/0$.
#
# *Predict first:* why is the answer at $t=1$ a point? And what does the mean listen to at a large $t$,
# $x_t$ or $x_0$?
#
# <details><summary>Hint 1</summary>
#
# $\bar\alpha_{t-1}$ is `schedule.alpha_bar[t - 1]`. At $t=1$ that is entry 0, which is 1.
# </details>
# <details><summary>Hint 2</summary>
#
# Name the tables, or what you look up, `before` and `bar`, and write the two coefficients in one line
# each. Test: with $x_t=\sqrt{\alpha_t}\,m$ and $x_0=m/\sqrt{\bar\alpha_{t-1}}$ the two sources agree
# on $m$, and the mean must be $m$.
# </details>

# %% answer="q_posterior"
from dgm.diffusion import q_posterior  # exercise

# %% check="q_posterior" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T, B = 9, 4
beta = 0.05 + 0.4 * torch.rand(T + 1, generator=g, dtype=torch.float64)
beta[0] = 0
schedule = NoiseSchedule(beta)
t = 2 + torch.randperm(T - 2, generator=g)[:B]  # four steps of 2..8
x0, xt = torch.randn(2, B, B, B, generator=g, dtype=torch.float64)


def solved(k, x0, xt):  # mean and variance from the joint Gaussian of x_(t-1) and x_t, given x0
    before, alpha = schedule.alpha_bar[k - 1].item(), 1 - beta[k].item()
    joint = alpha * (1 - before) + beta[k].item()  # the variance of x_t
    gain = math.sqrt(alpha) * (1 - before) / joint
    expected = math.sqrt(before) * x0
    return expected + gain * (xt - math.sqrt(alpha) * expected), (1 - before) * (
        1 - gain * math.sqrt(alpha)
    )


def both(answer, x0, xt, t):
    pair = ask(q_posterior, x0, xt, t, schedule)
    assert isinstance(pair, (tuple, list)) and len(pair) == 2, (
        f"a mean and a variance are wanted, `return mean, var`; {answer}"
    )
    mean, var = pair
    assert torch.is_tensor(mean) and torch.is_tensor(var), f"two tensors are wanted; {answer}"
    assert not (var.shape == x0.shape != mean.shape), "first the mean, then the variance"
    like(x0, mean, "q_posterior (its mean)")
    wide = (len(x0), *[1] * (x0.dim() - 1))
    assert var.dim() == x0.dim() and all(v in s for v, s in zip(var.shape, zip(wide, x0.shape))), (
        f"the variance should have shape {wide}, so that it fits beside the mean; got {tuple(var.shape)}"
    )
    assert var.dtype == x0.dtype, f"{x0.dtype} in, {x0.dtype} out; the variance is {var.dtype}"
    return mean, var


mean, var = both("got one thing", x0, xt, t)
again = q_posterior(x0, xt, t, schedule)[0]
assert torch.equal(mean, again), "twice the same inputs, and two results: the mean is not drawn"
pairs = [solved(k, x0[i], xt[i]) for i, k in enumerate(t.tolist())]
wanted, spread = torch.stack([m for m, _ in pairs]), torch.tensor([v for _, v in pairs]).double()


def shaped(table, shift=0):
    return table[t + shift].reshape(B, 1, 1)


b, a, bar, before = (shaped(c) for c in (beta, schedule.alpha, schedule.alpha_bar, schedule.alpha_bar.roll(1)))  # fmt: skip
rest = 1 - bar
on_x0, on_xt = (before.sqrt() * b / rest, a.sqrt() * (1 - before) / rest)
early = [solved(k - 1, x0[i], xt[i])[0] for i, k in enumerate(t.tolist())]
ones = [solved(k, x0, xt)[0] for k in t.tolist()]
axis = [c.reshape(B) for c in (on_x0, on_xt)]
explain(
    mean,
    wanted,
    [
        ("the mean: the coefficients of x0 and xt have changed places", on_x0 * xt + on_xt * x0),
        ("the mean: both square roots are missing", before * b / rest * x0 + a * (1 - before) / rest * xt),
        ("the mean: beside x0 stands the square root of alpha_bar_{t-1}", before * b / rest * x0 + on_xt * xt),
        ("the mean: beside xt stands the square root of alpha_t", on_x0 * x0 + a * (1 - before) / rest * xt),
        ("the mean: beside x0 stands alpha_bar_{t-1}, not alpha_bar_t", bar.sqrt() * b / rest * x0 + on_xt * xt),
        ("the mean: alpha_bar_{t-1} is wanted, and alpha_bar_t stands in its place", bar.sqrt() * b / rest * x0 + a.sqrt() * xt),
        ("the mean: beside xt stands sqrt(alpha_t), not sqrt(alpha_bar_t)", on_x0 * x0 + bar.sqrt() * (1 - before) / rest * xt),
        ("the mean: the division by 1 - alpha_bar_t is missing", (on_x0 * x0 + on_xt * xt) * rest),
        ("the mean: divide by 1 - alpha_bar_t, not by 1 - alpha_bar_{t-1}", before.sqrt() * b / (1 - before) * x0 + a.sqrt() * rest / (1 - before) * xt),
        ("the mean: one part is taken off; add the two", on_xt * xt - on_x0 * x0),
        ("the mean: this is what x0 alone says; where is xt?", before.sqrt() * x0),
        ("the mean: this is step t - 1: entry t of a table belongs to step t", torch.stack(early)),
        *[("each row has a step of its own; here one t serves the whole batch", m) for m in ones],
        ("right for an x of two axes only: here a coefficient is (B, 1, 1), not (B, 1)", axis[0][:, None] * x0 + axis[1][:, None] * xt),
        ("the coefficients run along the last axis: their shape is (B, 1, 1) here, not (B,)", axis[0] * x0 + axis[1] * xt),
    ],
)  # fmt: skip
spread = spread.reshape(B, 1, 1)
explain(
    var,
    spread.expand_as(var),
    [
        ("the variance: beta_tilde is wanted, not beta: knowing x0 helps", b),
        ("this is the standard deviation; the variance is wanted", spread.sqrt()),
        ("this is the logarithm of the variance", spread.log()),
        ("the variance: 1 - alpha_bar_{t-1}, not 1 - sqrt(alpha_bar_{t-1}); that slip is on a slide", b * (1 - before.sqrt()) / rest),
        ("the variance: the quotient is upside down", b * rest / (1 - before)),
        ("this is the variance of x_{t-1} given x0 alone", 1 - before),
        ("the variance: the last factor is beta_t, not its square", spread * b),
        ("this is the precision, 1 / variance", 1 / spread),
    ],
)  # fmt: skip
both("float32", x0.float(), xt.float(), t)
for shape in ((3, 2), (3, 2, 1, 4)):
    x0, xt = torch.randn(2, *shape, generator=g, dtype=torch.float64)
    t = torch.tensor([1, 5, T])
    mean, var = both(f"shape {shape}", x0, xt, t)
    assert not mean.isnan().any() and not var.isnan().any(), (
        "NaN at t = 1, where 1 - alpha_bar_0 = 0: solve for mean and variance, so that nothing is "
        "divided by it"
    )
    for i, k in enumerate(t.tolist()):
        m, v = solved(k, x0[i], xt[i])
        where = f"for shape {shape}, t = {k} of T = {T}"
        if k == 1:
            where += (
                ", where the mean is x0 and the variance 0: alpha_bar_0 is entry 0 of its table"
            )
        assert near(mean[i], m), f"the mean is wrong {where}"
        assert near(var[i], torch.full_like(var[i], v), 1e-6), f"the variance is wrong {where}"


# %% hidden="q_posterior" points=2
# Hidden check, 2 points: against the product of the two Gaussians, other shapes and schedules, one
# row, the first and the last step, float32.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, T, dtype in (
    ((3, 3, 3, 3), 1000, torch.float64),
    ((5, 3), 12, torch.float64),
    ((2, 3, 4, 5), 3, torch.float32),
    ((6, 1, 2), 1, torch.float64),
    ((1, 7), 30, torch.float32),
):
    beta = 0.03 + 0.5 * torch.rand(T + 1, generator=g, dtype=torch.float64)
    beta[0] = 0
    schedule = NoiseSchedule(beta) if T < 1000 else NoiseSchedule.linear(T)
    t = torch.randint(1, T + 1, shape[:1], generator=g)
    t[0], t[-1] = 1, T
    x0, xt = 2 * torch.randn(2, *shape, generator=g, dtype=dtype)
    got = q_posterior(x0, xt, t, schedule)
    assert isinstance(got, (tuple, list)) and len(got) == 2, "a mean and a variance"
    mean, var = got
    assert torch.is_tensor(mean) and torch.is_tensor(var), "two tensors"
    assert mean.shape == x0.shape, "a mean of the shape of x0"
    wide = (len(x0), *[1] * (x0.dim() - 1))
    assert tuple(var.shape) in (wide, shape), "a variance of shape (B, 1, ..., 1)"
    assert mean.dtype == var.dtype == dtype, "the dtype of x0"
    for i, k in enumerate(t.tolist()):
        where = f"x0 of shape {shape}, step {k} of {T}"
        if k == 1:
            truth, spread = x0[i].double(), 0.0
        else:
            before = schedule.alpha_bar[k - 1].item()
            shares = schedule.alpha[k].item() / schedule.beta[k].item(), 1 / (1 - before)
            spread = 1 / sum(shares)
            says = xt[i].double() / schedule.alpha[k].sqrt(), before**0.5 * x0[i].double()
            truth = (shares[0] * says[0] + shares[1] * says[1]) * spread
        assert_close(
            mean[i].double(), truth, rtol=1e-3, atol=2e-3, msg=f"the mean is wrong for {where}"
        )
        truth = torch.full_like(var[i], spread)
        assert_close(var[i], truth, rtol=2e-3, atol=1e-9, msg=f"the variance is wrong for {where}")


# %% [markdown]
# ### Exercise 5 · What a wrong mean costs
#
# *difficulty 2 of 5 · importance 5 of 5 · 15 minutes*
#
# The model must step back without knowing $x_0$. It says $p(x_{t-1}\mid x_t) = \mathcal N(\mu_p,
# \tilde\beta_t I)$, with the same variance as the step of exercise 4, whose mean is $\mu_q$. In the
# ELBO stands what that costs, and for two Gaussians with **one variance** $v$ the KL divergence is
# nothing but a squared distance:
#
# $$\mathrm{KL}\bigl(\mathcal N(\mu_q, vI)\,\|\,\mathcal N(\mu_p, vI)\bigr)
# = \frac{\lVert\mu_q-\mu_p\rVert^2}{2v}.$$
#
# 1. The squared distance is a **sum** over all axes but the first, one number for each row.
# 2. Each row has its variance, positive, and it comes as `(B,)` or, as your exercise 4 gives it, as
#    `(B, 1, ..., 1)`. Take both.
# 3. The result has shape `(B,)`. Training differentiates it: stay in torch.
#
# *Predict first:* both means and both standard deviations are made twice as large. What happens to the
# KL? And why do no logarithms appear, unlike in exercises 03?
#
# <details><summary>Hint 1</summary>
#
# A `(B,)` beside a `(B, 1)` makes a table `(B, B)`. Bring `var` to `(B,)` first: `.reshape(-1)`.
# </details>
# <details><summary>Hint 2</summary>
#
# `t.flatten(1)` makes one row for each example, whatever the rank.
# </details>

# %% answer="kl_equal_variance"
from dgm.hierarchical import kl_equal_variance  # exercise

# %% check="kl_equal_variance" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
B, D = 4, 6
mean_q, mean_p = torch.randn(2, B, 3, 2, generator=g, dtype=torch.float64)
var = 0.1 + 2 * torch.rand(B, 1, 1, generator=g, dtype=torch.float64)
sigma = var.sqrt().expand(B, 3, 2)
wanted = kl_divergence(Normal(mean_q, sigma), Normal(mean_p, sigma)).reshape(B, D).sum(1)
for kind, v in (("(B, 1, 1)", var), ("(B,)", var.reshape(B))):
    got = ask(kl_equal_variance, mean_q, mean_p, v)
    assert torch.is_tensor(got), "a tensor is wanted: training differentiates it"
    assert got.numel() > 1, f"one number for each of the {B} rows, not one for the batch"
    assert got.shape == (B,), (
        f"means of shape {tuple(mean_q.shape)} and var of shape {kind}: the result should have shape "
        f"({B},), got {tuple(got.shape)}. Sum over all axes but the first, and bring var to (B,)"
    )
    flat, d = var.reshape(B), (mean_q - mean_p).reshape(B, D)
    log_p = Normal(mean_p, sigma).log_prob(mean_q).reshape(B, D).sum(1)
    prior = kl_divergence(Normal(mean_q, sigma), Normal(0.0, 1.0)).reshape(B, D).sum(1)
    explain(
        got,
        wanted,
        [
            ("the half is missing", 2 * wanted),
            ("half too little: 2 v, with one v", wanted / 2),
            ("a mean over the entries; the KL of the event is their sum", wanted / D),
            ("var is a variance already: do not square it", wanted / flat),
            ("divided by the standard deviation; the variance is wanted", wanted * flat.sqrt()),
            ("var is a variance, not a log-variance", wanted * flat / flat.exp()),
            ("the variance is missing", wanted * flat),
            ("divide by the variance: a narrow Gaussian makes an error dear", wanted * flat**2),
            ("the distance is squared", d.norm(dim=1) / (2 * flat)),
            ("squares, not absolute values", d.abs().sum(1) / (2 * flat)),
            ("square first, then sum", d.sum(1) ** 2 / (2 * flat)),
            ("each row has a variance of its own; this is their mean", wanted * flat / flat.mean()),
            *[("each row has a variance of its own; here one serves all", wanted * flat / f) for f in flat],
            ("the trace of the general formula, D, is cancelled by its -D", wanted + D / 2),
            ("this compares q with N(0, 1), not with p", prior),
            ("a KL is never below 0: the sign is turned", -wanted),
            ("this is -log p at q's mean; in the KL the constant of q is taken off", -log_p),
        ],
    )  # fmt: skip
for name in ("mean_q", "mean_p"):
    leaves = {"mean_q": mean_q.clone(), "mean_p": mean_p.clone()}
    leaf = leaves[name].requires_grad_()
    value = kl_equal_variance(leaves["mean_q"], leaves["mean_p"], var)
    assert value.requires_grad, (
        f"no gradient reaches {name}: stay in torch, without .item(), .detach() and NumPy"
    )
    (slope,) = torch.autograd.grad(value.sum(), leaf)
    truth = (mean_q - mean_p) / var * (1 if name == "mean_q" else -1)
    assert torch.allclose(slope, truth, rtol=1e-4, atol=1e-6), f"the gradient in {name} is wrong"
tiny = torch.full((1,), 1e-8).double()
got = kl_equal_variance(torch.full((1, 1), 3e-4).double(), torch.zeros(1, 1).double(), tiny).item()
assert abs(got - 4.5) < 1e-3, (
    f"means 0.0003 apart, variance 1e-8: wanted 4.5, got {got:.4f}. No epsilon, no clamp"
)


# %% hidden="kl_equal_variance" points=1
# Hidden check, 1 point: pictures, one entry, one row, both shapes of var, float32, tiny variances,
# gradients.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, dtype, scale in (
    ((3, 2, 4, 5), torch.float64, 1.0),
    ((1, 1), torch.float64, 1e-7),
    ((4, 4), torch.float32, 0.1),
    ((2, 2, 2), torch.float64, 1e-3),
    ((1, 6), torch.float32, 3.0),
):
    var = scale * (0.5 + torch.rand(shape[:1], generator=g, dtype=dtype))
    mean_q, mean_p = math.sqrt(scale) * torch.randn(2, *shape, generator=g, dtype=dtype)
    column = var.reshape(-1, *[1] * (len(shape) - 1))
    sigma = column.sqrt().expand(shape).double()
    wanted = kl_divergence(Normal(mean_q.double(), sigma), Normal(mean_p.double(), sigma))
    wanted = wanted.flatten(1).sum(1)
    for v in (var, column):
        leaf = mean_p.clone().requires_grad_()
        got = kl_equal_variance(mean_q.clone(), leaf, v)
        assert torch.is_tensor(got) and got.shape == shape[:1], "one number for each row"
        where = f"means of shape {shape}, var of {v.dim()} axes"
        assert_close(got.detach().double(), wanted, rtol=1e-3, atol=1e-5, msg=f"wrong for {where}")
        assert got.requires_grad, "no gradient"
        (slope,) = torch.autograd.grad(got.sum(), leaf)
        truth = (mean_p - mean_q) / column
        assert_close(slope, truth, rtol=1e-3, atol=1e-4, msg=f"the gradient is wrong for {where}")


# %% [markdown]
# **The theorem, in numbers.** The ELBO of a hierarchical VAE falls into a reconstruction term, a prior
# matching term, and a KL for each step between. Here the data are numbers, $\mathcal N(2, 0.5^2)$, and
# the decoder is the best there is with the variances $\tilde\beta_t$. Then all terms have a closed form:
# the library gives it. The column *yours* is the last term again, from your exercises 3, 4 and 5 and a
# couple of thousand draws. Watch what more steps do to the bound.
#
# It climbs, and it stays below $\log p$: $\tilde\beta_t$ is the right variance for one who knows $x_0$, and
# too small for a decoder that does not. (With `"exact"`, the variance of $q(x_{t-1}\mid x_t)$, in the
# place of `"beta_tilde"` the bound is all but tight, here where the data are Gaussian. Only then the
# variances differ, and your exercise 5 no longer applies.)

# %% demo=true
g = torch.Generator().manual_seed(0)
x0 = 2 + 0.5 * torch.randn(2000, 1, generator=g, dtype=torch.float64)
log_p = Normal(2.0, 0.5).log_prob(x0).mean()
print(f"in nats, means over {len(x0)} numbers; log p of the data themselves: {log_p:.3f}\n")
print("   T  reconstruction  prior matching  steps between    yours     ELBO")
for T, last in ((2, 0.999), (5, 0.98), (20, 0.6), (100, 0.15), (400, 0.04)):
    schedule = NoiseSchedule(linear_beta(T, last / 50, last))
    chain = GaussianChain.ideal(schedule, 2.0, 0.25, "beta_tilde")
    chain.var[1] = GaussianChain.ideal(schedule, 2.0, 0.25).var[1]  # beta_tilde_1 = 0 is no density
    terms = {name: term.mean().item() for name, term in elbo_terms(x0, schedule, chain).items()}
    first, prior, between = terms.values()
    yours = 0.0
    for k in range(2, T + 1):
        t = torch.full((len(x0),), k)
        xt = q_sample(x0, t, torch.randn(x0.shape, generator=g, dtype=x0.dtype), schedule)
        mean, var = q_posterior(x0, xt, t, schedule)
        p_mean = chain.slope[k] * xt + chain.offset[k]
        yours += kl_equal_variance(mean, p_mean, var.flatten(1)[:, 0]).mean().item()
    elbo = first - prior - between
    print(f"{T:4d} {first:15.3f} {prior:15.3f} {between:14.3f} {yours:8.3f} {elbo:8.3f}")

# %% [markdown]
# ### Exercise 6 · The step back, from the noise
#
# *difficulty 3 of 5 · importance 5 of 5 · 15 minutes*
#
# Who knows $x_t$ and the noise $\varepsilon$ in it knows $x_0$ as well: solve exercise 3 for it,
# $x_0 = (x_t-\sqrt{1-\bar\alpha_t}\,\varepsilon)/\sqrt{\bar\alpha_t}$. Put that into the mean of exercise 4,
# and after some lines nearly everything cancels:
#
# $$\text{mean} = \frac1{\sqrt{\alpha_t}}\Bigl(x_t-\frac{\beta_t}{\sqrt{1-\bar\alpha_t}}\,\varepsilon\Bigr).$$
#
# A network that predicts $\varepsilon$ will take the place of $\varepsilon$: this is the line of Algorithm 2
# that everybody knows. Do the lines once on paper. For the code you may take either road.
#
# 1. Take off the right share of the noise, then divide **all** of it by $\sqrt{\alpha_t}$.
# 2. Add no noise. The mean is wanted, and gradients flow to `eps`.
#
# *Predict first:* is more noise taken off than the last step brought in, $\sqrt{\beta_t}\,\varepsilon$, or less?
#
# <details><summary>Hint 1</summary>
#
# One $\alpha$ has a bar, the other has none.
# </details>
# <details><summary>Hint 2</summary>
#
# The short way for the tired: compute $x_0$ as above and hand it to your `q_posterior`.
# </details>

# %% answer="posterior_mean_from_eps"
from dgm.diffusion import posterior_mean_from_eps  # exercise

# %% check="posterior_mean_from_eps" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T, B = 9, 4
beta = 0.05 + 0.4 * torch.rand(T + 1, generator=g, dtype=torch.float64)
beta[0] = 0
schedule = NoiseSchedule(beta)
t = 2 + torch.randperm(T - 2, generator=g)[:B]  # four steps of 2..8
xt, eps = torch.randn(2, B, B, B, generator=g, dtype=torch.float64)


def solved(k, xt, eps):  # the mean of the joint Gaussian of x_(t-1) and x_t, given the x0 of eps
    before, alpha = schedule.alpha_bar[k - 1].item(), 1 - beta[k].item()
    noise = alpha * (1 - before) + beta[k].item()
    x0 = (xt - math.sqrt(noise) * eps) / math.sqrt(alpha * before)
    expected = math.sqrt(before) * x0
    return expected + math.sqrt(alpha) * (1 - before) / noise * (
        xt - math.sqrt(alpha) * expected
    ), x0


def shaped(table, shift=0):
    return table[t + shift].reshape(B, 1, 1)


pairs = [solved(k, xt[i], eps[i]) for i, k in enumerate(t.tolist())]
wanted, x0 = (torch.stack(part) for part in zip(*pairs))
got = like(xt, ask(posterior_mean_from_eps, xt, t, eps, schedule), "posterior_mean_from_eps")
assert torch.equal(got, posterior_mean_from_eps(xt, t, eps, schedule)), (
    "twice the same inputs, and two results: the mean is wanted, without new noise"
)
b, a, bar, before = (shaped(c) for c in (beta, schedule.alpha, schedule.alpha_bar, schedule.alpha_bar.roll(1)))  # fmt: skip
off = b / (1 - bar).sqrt() * eps
early = [solved(k - 1, xt[i], eps[i])[0] for i, k in enumerate(t.tolist())]
ones = [solved(k, xt, eps)[0] for k in t.tolist()]
flat_a, flat_off = a.reshape(B), (b / (1 - bar).sqrt()).reshape(B)
clipped = [solved(k, xt[i], (xt[i] - schedule.alpha_bar[k].sqrt() * x0[i].clamp(-1, 1)) / (1 - schedule.alpha_bar[k]).sqrt())[0] for i, k in enumerate(t.tolist())]  # fmt: skip
explain(
    got,
    wanted,
    [
        ("the noise is taken off, not added", (xt + off) / a.sqrt()),
        ("below beta stands a square root: sqrt(1 - alpha_bar)", (xt - b / (1 - bar) * eps) / a.sqrt()),
        ("divide by the square root of alpha, not by alpha", (xt - off) / a),
        ("beta itself stands there, without a square root", (xt - (b / (1 - bar)).sqrt() * eps) / a.sqrt()),
        ("divide by sqrt(alpha_t) at the end", xt - off),
        ("divide by sqrt(alpha_t): x_t had shrunk, and grows again", (xt - off) * a.sqrt()),
        ("all of it is divided by sqrt(alpha_t): are the brackets there?", xt / a.sqrt() - off),
        ("all of it is divided by sqrt(alpha_t), not only the noise", xt - off / a.sqrt()),
        ("divide by sqrt(alpha_t), not by sqrt(alpha_bar_t): it is one step back", (xt - off) / bar.sqrt()),
        ("below beta stands sqrt(1 - alpha_bar_t): eps is the noise of all steps, not of the last one", (xt - b.sqrt() * eps) / a.sqrt()),
        ("sqrt(1 - alpha_bar) is not 1 - sqrt(alpha_bar)", (xt - b / (1 - bar.sqrt()) * eps) / a.sqrt()),
        ("this is x0, all the way; one step back is wanted", x0),
        ("this is x0 with all of eps put back: a step of DDIM. The mean by Bayes has less noise", before.sqrt() * x0 + (1 - before).sqrt() * eps),
        ("this is step t - 1: entry t of a table belongs to step t", torch.stack(early)),
        *[("each row has a step of its own; here one t serves the whole batch", m) for m in ones],
        ("right for an x of two axes only: here a coefficient is (B, 1, 1), not (B, 1)", (xt - flat_off[:, None] * eps) / flat_a[:, None].sqrt()),
        ("the coefficients run along the last axis: their shape is (B, 1, 1) here, not (B,)", (xt - flat_off * eps) / flat_a.sqrt()),
        ("x0 is clipped on the way: nothing was said of a range", torch.stack(clipped)),
    ],
)  # fmt: skip
like(
    xt.float(),
    ask(posterior_mean_from_eps, xt.float(), t, eps.float(), schedule),
    "posterior_mean_from_eps",
)
leaf = eps.clone().requires_grad_()
value = posterior_mean_from_eps(xt, t, leaf, schedule)
assert value.requires_grad, (
    "no gradient reaches eps: stay in torch, without .item() and .detach() of it"
)
(slope,) = torch.autograd.grad(value.sum(), leaf)
truth = (solved(k, 0.0, 1.0)[0] for k in t.tolist())
assert near(slope, torch.tensor(list(truth)).reshape(B, 1, 1).expand_as(slope)), (
    "the value is right, and its gradient in eps is not: is a part detached?"
)
for shape in ((3, 2), (3, 2, 1, 4)):
    xt, eps = torch.randn(2, *shape, generator=g, dtype=torch.float64)
    t = torch.tensor([1, 5, T])
    got = ask(posterior_mean_from_eps, xt, t, eps, schedule)
    like(xt, got, "posterior_mean_from_eps")
    for i, k in enumerate(t.tolist()):
        assert near(got[i], solved(k, xt[i], eps[i])[0]), (
            f"wrong for shape {shape}, t = {k} of T = {T}"
        )


# %% hidden="posterior_mean_from_eps" points=2
# Hidden check, 2 points: other shapes and schedules, one row, the first and the last step, float32,
# gradients; and with the true noise of one point Algorithm 2 returns that point.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, T, dtype in (
    ((3, 3, 3, 3), 1000, torch.float64),
    ((5, 3), 12, torch.float64),
    ((2, 3, 4, 5), 3, torch.float32),
    ((6, 1, 2), 1, torch.float64),
    ((1, 7), 30, torch.float32),
):
    beta = 0.03 + 0.5 * torch.rand(T + 1, generator=g, dtype=torch.float64)
    beta[0] = 0
    schedule = NoiseSchedule(beta) if T < 1000 else NoiseSchedule.cosine(T)
    t = torch.randint(1, T + 1, shape[:1], generator=g)
    t[0], t[-1] = 1, T
    xt, eps = torch.randn(2, *shape, generator=g, dtype=dtype)
    leaf = eps.clone().requires_grad_()
    got = posterior_mean_from_eps(xt.clone(), t, leaf, schedule)
    assert torch.is_tensor(got) and got.shape == xt.shape, "a tensor of the shape of xt"
    assert got.dtype == dtype, "the dtype of xt"
    b, bar = (c[t].reshape(-1, *[1] * (xt.dim() - 1)) for c in (schedule.beta, schedule.alpha_bar))
    factor = b / ((1 - bar) * (1 - b)).sqrt()
    wanted = (xt / (1 - b).sqrt() - factor * eps).to(dtype)
    where = f"xt of shape {shape}, T = {T}"
    assert_close(got.detach(), wanted, rtol=1e-3, atol=1e-3, msg=f"wrong for {where}")
    assert got.requires_grad, "no gradient"
    (slope,) = torch.autograd.grad(got.sum(), leaf)
    truth = -factor.to(dtype).expand_as(slope)
    assert_close(slope, truth, rtol=1e-3, atol=1e-4, msg=f"the gradient is wrong for {where}")
point = torch.randn(1, 3, generator=g, dtype=torch.float64)
schedule = NoiseSchedule.linear(40, 1e-3, 0.4)
x = 5 * torch.randn(4, 3, generator=g, dtype=torch.float64)
for k in range(40, 0, -1):
    noise = (x - schedule.alpha_bar[k].sqrt() * point) / (1 - schedule.alpha_bar[k]).sqrt()
    x = posterior_mean_from_eps(x, torch.full((4,), k), noise, schedule)
    x = x + schedule.beta_tilde[k].sqrt() * torch.randn(4, 3, generator=g, dtype=torch.float64)
assert_close(x, point.expand_as(x), rtol=0.0, atol=1e-3, msg="data that are one point: not found")

# %% [markdown]
# ## Part C · One prediction with three names
#
# $x_t$ is a mixture of $x_0$ and $\varepsilon$. Predict one of them, and the other is known. There is a
# third, and it matters which error you make small.
#
# ### Exercise 7 · The data, from the noise
#
# *difficulty 2 of 5 · importance 4 of 5 · 10 minutes*
#
# $$\hat x_0 = \frac{x_t-\sqrt{1-\bar\alpha_t}\,\hat\varepsilon}{\sqrt{\bar\alpha_t}} .$$
#
# 1. It undoes exercise 3: from `q_sample(x0, t, eps, schedule)` and the same `eps` it returns `x0`.
# 2. Nothing is clipped, no denominator is kept away from 0. Gradients flow to `eps`.
#
# *Predict first:* $\hat\varepsilon$ is wrong by 0.01. How wrong is $\hat x_0$ at $\bar\alpha=0.99$, and at
# $\bar\alpha=0.0001$?
#
# <details><summary>Hint 1</summary>
#
# Only one of the two $\bar\alpha$ is taken from 1, and both stand under a root.
# </details>
# <details><summary>Hint 2</summary>
#
# Test it on one number: $\bar\alpha=0.25$, $x_0=2$, $\varepsilon=0$ make $x_t=1$.
# </details>

# %% answer="predict_x0"
from dgm.diffusion import predict_x0  # exercise

# %% check="predict_x0" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T, B = 9, 4
beta = 0.05 + 0.4 * torch.rand(T + 1, generator=g, dtype=torch.float64)
beta[0] = 0
schedule = NoiseSchedule(beta)
bars = schedule.alpha_bar
t = 2 + torch.randperm(T - 2, generator=g)[:B]  # four steps of 2..8
x0, eps = 2 * torch.randn(2, B, B, B, generator=g, dtype=torch.float64)


def noised(v, x0, eps):
    return math.sqrt(v) * x0 + math.sqrt(1 - v) * eps


def back(v):  # with the coefficients that v, in place of alpha_bar, would give
    return (xt - (1 - v).sqrt() * eps) / v.sqrt()


def shaped(table, shift=0):
    return table[t + shift].reshape(B, 1, 1)


xt = torch.stack([noised(v, x0[i], eps[i]) for i, v in enumerate(bars[t].tolist())])
got = like(xt, ask(predict_x0, xt, t, eps, schedule), "predict_x0")
a, bar, before = shaped(schedule.alpha), shaped(bars), shaped(bars, -1)
step = (xt - (1 - a) / (1 - bar).sqrt() * eps) / a.sqrt()
explain(
    got,
    x0,
    [
        ("alpha is one step; alpha_bar is all of them", back(a)),
        ("both square roots are missing", (xt - (1 - bar) * eps) / bar),
        ("the square root of 1 - alpha_bar is missing", (xt - (1 - bar) * eps) / bar.sqrt()),
        ("divide by the square root of alpha_bar", (xt - (1 - bar).sqrt() * eps) / bar),
        ("what is left when the noise is off is still small: divide by sqrt(alpha_bar)", xt - (1 - bar).sqrt() * eps),
        ("eps has variance 1; in x_t it stands with sqrt(1 - alpha_bar)", (xt - eps) / bar.sqrt()),
        ("divide by sqrt(alpha_bar): x0 had shrunk, and grows again", (xt - (1 - bar).sqrt() * eps) * bar.sqrt()),
        ("all of it is divided by sqrt(alpha_bar): are the brackets there?", xt / bar.sqrt() - (1 - bar).sqrt() * eps),
        ("the noise is taken off, not added", (xt + (1 - bar).sqrt() * eps) / bar.sqrt()),
        ("the two roots have changed places", back(1 - bar)),
        ("sqrt(1 - alpha_bar) is not 1 - sqrt(alpha_bar)", (xt - (1 - bar.sqrt()) * eps) / bar.sqrt()),
        ("this uses step t - 1: entry t of a table belongs to step t", back(before)),
        ("this uses step t + 1: entry t of a table belongs to step t", back(shaped(bars, 1))),
        ("this is one step back, exercise 6; x0 is all the way", step),
        ("nothing is clipped: nobody said that data lie between -1 and 1", x0.clamp(-1, 1)),
        *[("each row has a step of its own; here one t serves the whole batch", back(bars[k])) for k in range(1, T + 1)],
        ("right for an x of two axes only: here the coefficient is (B, 1, 1), not (B, 1)", back(bars[t][:, None])),
        ("the coefficient runs along the last axis: its shape is (B, 1, 1) here, not (B,)", back(bars[t])),
    ],
)  # fmt: skip
like(xt.float(), ask(predict_x0, xt.float(), t, eps.float(), schedule), "predict_x0")
leaf = eps.clone().requires_grad_()
value = predict_x0(xt, t, leaf, schedule)
assert value.requires_grad, "no gradient reaches eps: stay in torch, without .detach() and NumPy"
(slope,) = torch.autograd.grad(value.sum(), leaf)
assert near(slope, -((1 - bar) / bar).sqrt().expand_as(slope)), (
    "the value is right, and its gradient in eps is not"
)
for shape in ((3, 2), (3, 2, 1, 4)):
    x0, eps = torch.randn(2, *shape, generator=g, dtype=torch.float64)
    t = torch.tensor([1, 5, T])
    xt = torch.stack([noised(v, x0[i], eps[i]) for i, v in enumerate(bars[t].tolist())])
    got = like(xt, ask(predict_x0, xt, t, eps, schedule), "predict_x0")
    for i, k in enumerate(t.tolist()):
        assert near(got[i], x0[i]), f"wrong for shape {shape}, t = {k} of T = {T}"
late = NoiseSchedule.linear(1000)
x0, eps = torch.randn(2, 5, 2, generator=g, dtype=torch.float64)
xt = noised(late.alpha_bar[1000].item(), x0, eps)
got = predict_x0(xt, torch.full((5,), 1000), eps, late)
assert near(got, x0, 1e-3), (
    f"at alpha_bar = {late.alpha_bar[1000]:.6f} it should still be x0: no clamp, no epsilon"
)


# %% hidden="predict_x0" points=1
# Hidden check, 1 point: other shapes and schedules, one row, the first and the last step, float32,
# noise that is not the true one, gradients.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, T, dtype in (
    ((3, 3, 3, 3), 1000, torch.float64),
    ((5, 3), 12, torch.float64),
    ((2, 3, 4, 5), 3, torch.float32),
    ((6, 1, 2), 1, torch.float64),
    ((1, 7), 10, torch.float32),
):
    beta = 0.02 + 0.4 * torch.rand(T + 1, generator=g, dtype=torch.float64)
    beta[0] = 0
    schedule = NoiseSchedule(beta) if T < 1000 else NoiseSchedule.linear(T)
    t = torch.randint(1, T + 1, shape[:1], generator=g)
    t[-1] = T
    xt, eps = 2 * torch.randn(2, *shape, generator=g, dtype=dtype)
    leaf = eps.clone().requires_grad_()
    got = predict_x0(xt.clone(), t, leaf, schedule)
    assert torch.is_tensor(got) and got.shape == xt.shape, "a tensor of the shape of xt"
    assert got.dtype == dtype, "the dtype of xt"
    part = schedule.alpha_bar[t].reshape(-1, *[1] * (xt.dim() - 1))
    wanted = ((xt - (1 - part).sqrt() * eps) / part.sqrt()).to(dtype)
    where = f"xt of shape {shape}, T = {T}"
    assert_close(got.detach(), wanted, rtol=1e-3, atol=1e-3, msg=f"wrong for {where}")
    assert got.requires_grad, "no gradient"
    (slope,) = torch.autograd.grad(got.sum(), leaf)
    truth = -(1 / part - 1).sqrt().to(dtype).expand_as(slope)
    assert_close(slope, truth, rtol=1e-3, atol=1e-4, msg=f"the gradient is wrong for {where}")


# %% [markdown]
# ### Exercise 8 · The velocity
#
# *difficulty 2 of 5 · importance 3 of 5 · 10 minutes*
#
# Since $\bar\alpha_t + (1-\bar\alpha_t) = 1$, there is an angle $\varphi$ with $\cos\varphi=\sqrt{\bar\alpha_t}$
# and $\sin\varphi=\sqrt{1-\bar\alpha_t}$, and $x_t=\cos\varphi\;x_0+\sin\varphi\;\varepsilon$ turns, by a quarter
# of a full turn, from the data to the noise. Its velocity on the way is
#
# $$v = \frac{\mathrm d x_t}{\mathrm d\varphi} = \sqrt{\bar\alpha_t}\,\varepsilon-\sqrt{1-\bar\alpha_t}\,x_0 .$$
#
# A network may predict $v$ in place of $\varepsilon$. And $x_0=\sqrt{\bar\alpha_t}\,x_t-\sqrt{1-\bar\alpha_t}\,v$:
# no division any more.
#
# 1. Mind the order of the arguments, `velocity(x0, eps, t, schedule)`, and the sign.
#
# *Predict first:* what is $v$ next to the data ($\bar\alpha\approx1$), and next to the noise? Where is
# $\varepsilon$ hard to predict from $x_t$ and where $x_0$, and what does $v$ make of it?
#
# <details><summary>Hint 1</summary>
#
# The derivative of the cosine is *minus* the sine.
# </details>
# <details><summary>Hint 2</summary>
#
# Test: $x_t$ and $v$ together are a rotation of $x_0$ and $\varepsilon$, so
# $x_t^2+v^2=x_0^2+\varepsilon^2$, entry by entry.
# </details>

# %% answer="velocity"
from dgm.diffusion import velocity  # exercise

# %% check="velocity" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T, B = 9, 4
beta = 0.05 + 0.4 * torch.rand(T + 1, generator=g, dtype=torch.float64)
beta[0] = 0
schedule = NoiseSchedule(beta)
bars = schedule.alpha_bar
t = 2 + torch.randperm(T - 2, generator=g)[:B]  # four steps of 2..8
x0, eps = torch.randn(2, B, B, B, generator=g, dtype=torch.float64)


def turned(v):  # with the coefficients that v, in place of alpha_bar, would give
    return v.sqrt() * eps - (1 - v).sqrt() * x0


def slope(k, x0, eps):
    phi = math.acos(math.sqrt(bars[k].item()))
    return math.cos(phi) * eps - math.sin(phi) * x0


def shaped(table, shift=0):
    return table[t + shift].reshape(B, 1, 1)


wanted = torch.stack([slope(k, x0[i], eps[i]) for i, k in enumerate(t.tolist())])
got = like(x0, ask(velocity, x0, eps, t, schedule), "velocity")
a, bar, before = shaped(schedule.alpha), shaped(bars), shaped(bars, -1)
xt, earlier = (v.sqrt() * x0 + (1 - v).sqrt() * eps for v in (bar, before))
explain(
    got,
    wanted,
    [
        ("the sign is turned: noise counts with plus, data with minus", -wanted),
        ("a minus stands between them; with a plus they have only changed places", bar.sqrt() * eps + (1 - bar).sqrt() * x0),
        ("this is x_t itself; the velocity is its derivative", xt),
        ("the coefficients have changed places: sqrt(alpha_bar) goes with the noise here", turned(1 - bar)),
        ("x0 and eps have changed places: the arguments come as x0, eps, t, schedule", bar.sqrt() * x0 - (1 - bar).sqrt() * eps),
        ("both square roots are missing", bar * eps - (1 - bar) * x0),
        ("the square root of 1 - alpha_bar is missing", bar.sqrt() * eps - (1 - bar) * x0),
        ("the square root of alpha_bar is missing", bar * eps - (1 - bar).sqrt() * x0),
        ("alpha is one step; alpha_bar is all of them", turned(a)),
        ("this is the velocity on a straight line (flow matching); here x_t turns from x0 to eps", eps - x0),
        ("sqrt(1 - alpha_bar) is not 1 - sqrt(alpha_bar)", bar.sqrt() * eps - (1 - bar.sqrt()) * x0),
        ("x0 is wanted in it, not x_t", bar.sqrt() * eps - (1 - bar).sqrt() * xt),
        ("this is step t - 1: entry t of a table belongs to step t", turned(before)),
        ("this is step t + 1: entry t of a table belongs to step t", turned(shaped(bars, 1))),
        ("the derivative is by the angle, not the difference of two steps", xt - earlier),
        *[("each row has a step of its own; here one t serves the whole batch", turned(bars[k])) for k in t],
        ("right for an x of two axes only: here the coefficient is (B, 1, 1), not (B, 1)", turned(bars[t][:, None])),
        ("the coefficient runs along the last axis: its shape is (B, 1, 1) here, not (B,)", turned(bars[t])),
    ],
)  # fmt: skip
like(x0.float(), ask(velocity, x0.float(), eps.float(), t, schedule), "velocity")
for shape in ((3, 2), (3, 2, 1, 4)):
    x0, eps = torch.randn(2, *shape, generator=g, dtype=torch.float64)
    t = torch.tensor([1, 5, T])
    got = like(x0, ask(velocity, x0, eps, t, schedule), "velocity")
    for i, k in enumerate(t.tolist()):
        assert near(got[i], slope(k, x0[i], eps[i])), f"wrong for shape {shape}, t = {k} of T = {T}"


# %% hidden="velocity" points=1
# Hidden check, 1 point: other shapes and schedules, one row, the first and the last step, float32.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, T, dtype in (
    ((3, 3, 3, 3), 1000, torch.float64),
    ((5, 3), 12, torch.float64),
    ((2, 3, 4, 5), 3, torch.float32),
    ((6, 1, 2), 1, torch.float64),
    ((1, 7), 30, torch.float32),
):
    beta = 0.02 + 0.5 * torch.rand(T + 1, generator=g, dtype=torch.float64)
    beta[0] = 0
    schedule = NoiseSchedule(beta) if T < 1000 else NoiseSchedule.cosine(T)
    t = torch.randint(1, T + 1, shape[:1], generator=g)
    t[-1] = T
    x0, eps = 3 * torch.randn(2, *shape, generator=g, dtype=dtype)
    got = velocity(x0, eps, t, schedule)
    assert torch.is_tensor(got) and got.shape == x0.shape, "a tensor of the shape of x0"
    assert got.dtype == dtype, "the dtype of x0"
    part = schedule.alpha_bar[t].reshape(-1, *[1] * (x0.dim() - 1))
    wanted = (part.sqrt() * eps - (1 - part).sqrt() * x0).to(dtype)
    where = f"x0 of shape {shape}, T = {T}"
    assert_close(got, wanted, rtol=1e-4, atol=1e-4, msg=f"wrong for {where}")


# %% [markdown]
# ### Exercise 9 · What an error is worth
#
# *difficulty 4 of 5 · importance 4 of 5 · 25 minutes*
#
# A network predicts; the prediction makes $\hat x_0$; $\hat x_0$ makes the mean of the step back
# (exercise 4), and its distance from the true one is the KL of that step (exercise 5, $v=\tilde\beta_t$).
# So the ELBO itself is a squared error of the prediction, with a weight:
#
# $$\mathrm{KL}_t = w_t\,\lVert\text{target}-\text{prediction}\rVert^2 .$$
#
# Find $w_t$ for each of the three targets.
#
# 1. **`"x0"`.** Only the coefficient of $x_0$ in the mean matters. Square it, and divide by
#    $2\tilde\beta_t$. With the signal-to-noise ratio $\mathrm{SNR}(t)=\bar\alpha_t/(1-\bar\alpha_t)$ it becomes
#    $\tfrac12\bigl(\mathrm{SNR}(t-1)-\mathrm{SNR}(t)\bigr)$. Show it on paper.
# 2. **`"eps"`**, the default. By how much is $\hat x_0$ wrong, if $\hat\varepsilon$ is wrong by 1? Exercise 7
#    tells. That factor, *squared*, times the weight of `"x0"`.
# 3. **`"v"`.** The same, from $x_0=\sqrt{\bar\alpha_t}\,x_t-\sqrt{1-\bar\alpha_t}\,v$.
# 4. Return `(B,)`, one weight for each entry of `t` (all of them 2 or more: at $t=1$ the variance is 0).
#
# *Predict first:* $w_t$ for `"eps"`: is it largest at small or at large $t$? DDPM trains with weight 1 in
# its place. Which steps does that favour?
#
# <details><summary>Hint 1</summary>
#
# `schedule.snr` is a table. Take two entries for each row of `t`.
# </details>
# <details><summary>Hint 2</summary>
#
# The factors are $(1-\bar\alpha_t)/\bar\alpha_t$ for `"eps"`, which is $1/\mathrm{SNR}(t)$, and $1-\bar\alpha_t$ for
# `"v"`.
# </details>

# %% answer="loss_weight"
from dgm.diffusion import loss_weight  # exercise

# %% check="loss_weight" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T, B = 9, 4
beta = 0.05 + 0.4 * torch.rand(T + 1, generator=g, dtype=torch.float64)
beta[0] = 0
schedule = NoiseSchedule(beta)
bars = schedule.alpha_bar
t = 3 + torch.randperm(T - 3, generator=g)[:B]  # four steps of 3..8
a, b, bar, before, snr = schedule.alpha[t], beta[t], bars[t], bars[t - 1], schedule.snr
tilde = schedule.beta_tilde[t]


def measured(predicts):  # the KL of torch.distributions, over the squared error that made it
    x0, eps, error = torch.randn(3, B, generator=g, dtype=torch.float64)
    xt = bar.sqrt() * x0 + (1 - bar).sqrt() * eps
    x0_hat = {
        "x0": x0 + error,
        "eps": (xt - (1 - bar).sqrt() * (eps + error)) / bar.sqrt(),
        "v": x0 - (1 - bar).sqrt() * error,
    }[predicts]
    q, p = (
        Normal((before.sqrt() * b * s + a.sqrt() * (1 - before) * xt) / (1 - bar), tilde.sqrt())
        for s in (x0, x0_hat)
    )
    return kl_divergence(q, p) / error**2


weights = {predicts: measured(predicts) for predicts in ("x0", "eps", "v")}
w = weights["x0"]
by_step = (snr[:-1] - snr[1:]) / 2  # entry t - 1 belongs to step t
own = NoiseSchedule.linear(1000)
own_w = (own.snr[t - 1] - own.snr[t]) / 2
for predicts, wanted in weights.items():
    got = ask(loss_weight, t, schedule, predicts)
    got = torch.as_tensor(got)
    assert got.shape != (T + 1,), "a whole table; look up the entries of t"
    assert got.shape == (B,), f"one weight for each entry of t, ({B},); got {tuple(got.shape)}"
    factor = {"x0": torch.ones(B), "eps": (1 - bar) / bar, "v": 1 - bar}
    turn, ours = factor[predicts], f'predicts="{predicts}"'
    later = {"x0": 1.0, "eps": 1 / snr[t + 1], "v": 1 - bars[t + 1]}[predicts]
    sooner = {"x0": 1.0, "eps": 1 / snr[t - 1], "v": 1 - before}[predicts]
    own_turn = {"x0": 1.0, "eps": 1 / own.snr[t], "v": 1 - own.alpha_bar[t]}[predicts]
    explain(
        got,
        wanted,
        [
            (f"{ours}: the half is missing", 2 * wanted),
            (f"{ours}: the sign is turned: the SNR falls, SNR(t-1) is the larger", -wanted),
            (f"{ours}: this is the weight of step t + 1; SNR(t-1) - SNR(t) is wanted", by_step[t] * later),
            (f"{ours}: this is the weight of step t - 1: entry t of a table belongs to step t", by_step[t - 2] * sooner),
            (f"{ours}: this is divided by the SNR of t - 1; the error counts at t", w / snr[t - 1]),
            *[(f'{ours}: this is the weight of "{k}"', v) for k, v in weights.items() if k != predicts],
            (f"{ours}: the ratio of the errors is turned over", w / turn),
            (f"{ours}: the ratio of the errors is to be squared", w * turn.sqrt()),
            (f"{ours}: alpha_bar stands where 1 - alpha_bar belongs", w * bar),
            (f"{ours}: the variance is beta_tilde, not beta", wanted * tilde / b),
            (f"{ours}: divided by the variance twice", wanted / tilde),
            (f"{ours}: the variance is wanted below, not the standard deviation", wanted * tilde.sqrt()),
            (f"{ours}: 1 for each step is the simple loss; here the weight of the ELBO is wanted", torch.ones(B)),
            (f"{ours}: this makes the simple loss of it; here the weight of the ELBO is wanted", {"x0": snr[t], "eps": torch.ones(B), "v": bar}[predicts]),
            (f"{ours}: alpha stands where alpha_bar belongs", b**2 / (2 * tilde * a * (1 - a)) * {"eps": 1, "x0": a / (1 - a), "v": a}[predicts]),
            (f"{ours}: alpha_bar stands where alpha belongs", b**2 / (2 * tilde * bar * (1 - bar)) * {"eps": 1, "x0": snr[t], "v": bar}[predicts]),
            (f"{ours}: the weight is upside down", 1 / wanted),
            (f"{ours}: times T: that is for one step drawn at random; the term of step t is wanted", T * wanted),
            (f"{ours}: nothing is normalised: the weights are nats per squared error", wanted / wanted.mean()),
            (f"{ours}: use the schedule that is given; not all have a thousand linear steps", own_w * own_turn),
        ],
    )  # fmt: skip
default = torch.as_tensor(loss_weight(t, schedule))
assert torch.allclose(default.double(), weights["eps"], rtol=1e-5), 'the default should be "eps"'
early = NoiseSchedule.linear(1000)
got = torch.as_tensor(loss_weight(torch.tensor([2]), early, "x0")).item()
wanted = (early.snr[1].item() - early.snr[2].item()) / 2
assert abs(got / wanted - 1) < 1e-4, (
    f'a thousand linear steps, t = 2, predicts="x0": wanted {wanted:.1f}, got {got:.4f}. No clamp'
)


# %% hidden="loss_weight" points=2
# Hidden check, 2 points: other schedules and steps, one entry, and the KL of a step from wrong
# predictions of all three kinds.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for T, n in ((2, 1), (12, 5), (40, 9), (1000, 7)):
    beta = 0.01 + 0.3 * torch.rand(T + 1, generator=g, dtype=torch.float64)
    beta[0] = 0
    schedule = NoiseSchedule(beta) if T < 1000 else NoiseSchedule.linear(T)
    t = torch.randint(2, T + 1, (n,), generator=g)
    t[-1] = T
    for predicts in ("v", "eps", "x0"):
        got = loss_weight(t, schedule, predicts)
        assert got is not None, "nothing came back"
        got = torch.as_tensor(got)
        assert got.shape == (n,), "one weight for each entry of t"
        wanted = []
        for k in t.tolist():
            now, before = schedule.alpha_bar[k].item(), schedule.alpha_bar[k - 1].item()
            off = {"x0": 1.0, "eps": math.sqrt((1 - now) / now), "v": math.sqrt(1 - now)}[predicts]
            shift = math.sqrt(before) * schedule.beta[k].item() / (1 - now) * off
            wanted.append(shift**2 / (2 * schedule.beta_tilde[k].item()))
        wanted = torch.tensor(wanted, dtype=torch.float64)
        where = f"predicts={predicts!r}, T = {T}"
        assert_close(got.double(), wanted, rtol=1e-5, atol=0.0, msg=f"wrong for {where}")
    got = torch.as_tensor(loss_weight(t, schedule)).double()
    wanted = torch.as_tensor(loss_weight(t, schedule, "eps")).double()
    assert_close(got, wanted, msg="the default")


# %% [markdown]
# Your weights, for a thousand linear steps. Solid: what the ELBO asks for. Dotted: the simple loss of
# DDPM, weight 1 for $\varepsilon$, seen as a weight for each target. To the ELBO an error in the noise of
# the first steps, which can hardly be seen, is worth a hundred times one of the later steps, where a
# picture takes shape. To the simple loss both are worth the same.

# %% demo=true
schedule = NoiseSchedule.linear(1000)
t = torch.arange(2, 1001)
ratio = schedule.snr[t]
figure = plt.figure(figsize=(6, 3))
for k, (predicts, simple) in enumerate(
    (("x0", ratio), ("eps", 0 * ratio + 1), ("v", schedule.alpha_bar[t]))
):
    plt.semilogy(t, loss_weight(t, schedule, predicts), color=f"C{k}", label=predicts)
    plt.semilogy(t, simple, ":", color=f"C{k}")
plt.xlabel("t")
plt.ylabel("weight of a squared error")
plt.legend()
plt.show()

# %% [markdown]
# ## The payoff
#
# Down with your `forward_step`, a hundred times; then up with your `posterior_mean_from_eps` and a
# little fresh noise each time. The network that predicts the noise is played by a formula: the data
# are a mixture of sixty small Gaussians along a spiral, and for a mixture the best prediction
# $\mathbb E[\varepsilon\mid x_t]$ is known exactly. The arrows are the **score**, the direction in which the
# density of $x_t$ rises. It is the predicted noise, turned round:
# $-\hat\varepsilon/\sqrt{1-\bar\alpha_t}$.
#
# The way up starts from noise of its own, not from where the way down has ended. And it draws the
# spiral. Press play, or pull the slider and step slowly: at which $t$ is it decided which turn of the
# spiral a point will join?
#
# (What came up has a density a little higher than the data. A hundred steps with $\tilde\beta_t$ make it a
# little too thin: the table after exercise 5 told you why.)


# %% demo=true
def down(x, schedule, g):
    for k in range(1, schedule.T + 1):
        eps = torch.randn(x.shape, generator=g, dtype=x.dtype)
        x = forward_step(x, torch.full((len(x),), k), eps, schedule)
        yield k, x


def up(x, schedule, model, g, noise=1.0):
    for k in range(schedule.T, 0, -1):
        t = torch.full((len(x),), k)
        z = torch.randn(x.shape, generator=g, dtype=x.dtype)
        x = posterior_mean_from_eps(x, t, model(x, t), schedule)
        x = x + noise * schedule.beta_tilde[k].sqrt() * z  # beta_tilde_1 is 0: no noise at the end
        yield k - 1, x


schedule = NoiseSchedule(linear_beta(100, 1e-3, 0.15))
g = torch.Generator().manual_seed(1)
x0, start = spiral.sample(500, g), torch.randn(500, 2, generator=g, dtype=torch.float64)
way_down = [(0, x0), *down(x0, schedule, g)]
way_up = [(100, start), *up(start, schedule, spiral.as_model(schedule), g)]
for name, x in (("the data", x0), ("what came up", way_up[-1][1])):
    density = spiral.log_prob(x, torch.zeros(500, dtype=torch.int64), schedule)
    print(f"mean log-density of {name:12}: {density.mean():.3f}")

# %% demo=true
from IPython.display import HTML
from matplotlib.animation import FuncAnimation

shown = (0, 1, 2, 4, 6, 9, 13, 19, 28, 42, 65, 100)
film = [("down", *way_down[k]) for k in shown] + [("up", *way_up[100 - k]) for k in reversed(shown)]
ticks = torch.linspace(-2.4, 2.4, 13, dtype=torch.float64)
grid = torch.cartesian_prod(ticks, ticks)
figure, axis = plt.subplots(figsize=(4.2, 4.4), dpi=72)


def draw(frame):
    way, k, x = film[frame]
    axis.clear()
    score = spiral.score(grid, torch.full((len(grid),), k), schedule)
    score = score / (1 + score.norm(dim=1, keepdim=True))  # long arrows are cut
    axis.quiver(*grid.T, *score.T, color="0.7", scale=25, width=0.004)
    axis.scatter(*x.T, s=3, color="C0" if way == "down" else "C1")
    axis.set(xlim=(-2.6, 2.6), ylim=(-2.6, 2.6), xticks=[], yticks=[], aspect="equal")
    axis.set_title(f"the way {way}: t = {k}", fontsize=10)


movie = FuncAnimation(figure, draw, frames=len(film), interval=250)
player = movie.to_jshtml(default_mode="once")
plt.close(figure)
HTML(player)

# %% [markdown]
# ## Break it
#
# Three patients. Each has the exact prediction and your functions, and no error is raised. The data are
# three islands: 70 % of them near $(2, 0)$, 20 % and 10 % near the others, each with a standard
# deviation of 0.2. Before you open the answers: which number gives each away, and which term of the
# ELBO, or which step of its proof, has been hurt?
#
# - **Patient A** goes a hundred steps with the small $\beta$ that are usual for a thousand.
# - **Patient B** takes the mean of each step back, and leaves the noise out.
# - **Patient C** is in a hurry: four steps.


# %% demo=true
centers = torch.tensor([[2.0, 0.0], [-1.5, 1.5], [-1.0, -2.0]], dtype=torch.float64)
shares = torch.tensor([0.7, 0.2, 0.1], dtype=torch.float64)
islands = GaussianMixture(shares, centers, torch.full_like(shares, 0.2**2))


def report(name, x, axis):
    distance, nearest = torch.cdist(x, centers).min(1)
    good = distance < 0.8  # four standard deviations
    shares = torch.bincount(nearest[good], minlength=3) / len(x)
    spread = (x - centers[nearest])[good].std()
    print(
        f"{name}: islands {shares[0]:4.0%} {shares[1]:4.0%} {shares[2]:4.0%}, "
        f"lost at sea {1 - good.double().mean():4.0%}, spread on an island {spread:.3f}"
    )
    axis.scatter(*x.T, s=2)
    axis.set(xlim=(-3, 3), ylim=(-3, 3), xticks=[], yticks=[], aspect="equal")
    axis.set_title(name, fontsize=9)


figure, axes = plt.subplots(1, 5, figsize=(10, 2.3), layout="constrained")
report("data     ", islands.sample(1500, torch.Generator().manual_seed(0)), axes[0])
for axis, (name, table, noise) in zip(
    axes[1:],
    (
        ("healthy  ", linear_beta(100, 1e-3, 0.15), 1.0),
        ("patient A", linear_beta(100, 1e-4, 0.02), 1.0),
        ("patient B", linear_beta(100, 1e-3, 0.15), 0.0),
        ("patient C", linear_beta(4, 0.2, 0.99), 1.0),
    ),
):
    schedule, g = NoiseSchedule(table), torch.Generator().manual_seed(1)
    start = torch.randn(1500, 2, generator=g, dtype=torch.float64)
    *_, (_, x) = up(start, schedule, islands.as_model(schedule), g, noise)
    report(name, x, axis)
plt.show()

# %% [markdown]
# <details><summary>Patient A</summary>
#
# **The way down was too short.** The islands are sharp and in place, but their *shares* are wrong. At the
# last step $\bar\alpha_{100}\approx0.36$: $q(x_T)$ is far from $\mathcal N(0, I)$ and still knows to which island
# it belongs. The way up starts from $\mathcal N(0, I)$ all the same. It is the **prior matching term**: no
# parameters, nothing to learn, and yet not 0. Print `schedule.alpha_bar[-1]` before you train anything.
# </details>
# <details><summary>Patient B</summary>
#
# **Everything in one place.** One island of three, and a spread of almost 0. The mean of a step back is
# drawn towards the middle of what $x_0$ may be; on the way down the noise had pushed the other way, and here
# nothing does. So all points run together at the mean of the data before the islands part, and
# then go to the nearest one. A decoder is a distribution: each step has a variance, and it must be *drawn*.
# (There are good ways up without noise. But their steps are others: see the last lines of this page.)
# </details>
# <details><summary>Patient C</summary>
#
# **Steps too long.** If the data are known, the step back is Gaussian for any $\beta$: exercise 4. If they are
# not, it is a mixture of such Gaussians, one for each $x_0$ that may be behind $x_t$, and near a Gaussian
# only if the step is small. With four steps the decoder's single Gaussian stands between the islands, and
# samples fall into the sea. The **denoising terms** pay for it: even the best decoder cannot bring them to
# 0.
# </details>
#
# ## Questions to think about
#
# <details><summary>1. Why is q(x_(t-1) | x_t) hard, and q(x_(t-1) | x_t, x_0) easy?</summary>
#
# The first needs $q(x_{t-1})$ and $q(x_t)$, and these need all of the data: they are what we want to learn.
# With $x_0$ given, both are Gaussians with known numbers. That is why the proof of the theorem conditions
# on $x_0$ before it turns the steps round.
# </details>
# <details><summary>2. Why is the best prediction of the noise so poor near the data, and the picture good all the same?</summary>
#
# At small $t$ the noise is tiny beside the texture of the data, and $\varepsilon$ cannot be told from it. But there
# $\hat x_0=(x_t-\sqrt{1-\bar\alpha_t}\,\hat\varepsilon)/\sqrt{\bar\alpha_t}$ multiplies the error by nearly 0. See your
# prediction in exercise 7.
# </details>
# <details><summary>3. At large t, what does the best x0 prediction look like?</summary>
#
# Like the mean of the data: $x_t$ says almost nothing about $x_0$. So one jump from noise to $\hat x_0$ gives a
# blurred average, as a VAE does. Many small steps let the sample decide, a little at a time.
# </details>
# <details><summary>4. With T steps, a diffusion model has T latents as large as x. Why does it not need an encoder that learns?</summary>
#
# The encoder need not find a good code: the code at $T$ is noise on purpose. All work lies with the decoder,
# and as the steps become small a decoder of Gaussians is enough. The price: the latents mean
# nothing, and a sample takes $T$ calls.
# </details>
# <details><summary>5. Would the KL of exercise 5 still be a squared error if the model chose its own variance?</summary>
#
# No. Then $\tfrac12\sum_j\bigl(r - 1 - \log r\bigr)$ comes in as well, with $r$ the ratio of the variances, and the
# weight of the squared error is the model's own $1/(2\sigma^2)$. See `kl_normal` in exercises 03.
# </details>
#
# **Harder, no points.** (a) Patient A, cured without more steps: start the way up from the true $q(x_T)$
# in place of $\mathcal N(0, I)$. (b) Take $\beta_t$ for $\tilde\beta_t$ as the variance of `up` and compare the spread on
# an island, for 10, 30, 100 steps: one of them is too small, the other too large. Why? (c) Replace
# `posterior_mean_from_eps` by $\sqrt{\bar\alpha_{t-1}}\,\hat x_0+\sqrt{1-\bar\alpha_{t-1}}\,\hat\varepsilon$ and leave out the
# noise, with your `predict_x0`. Patient B is cured. That is DDIM, of the next chapter.
