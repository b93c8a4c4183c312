# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 02 · Autoencoders
#
# {launch}
#
# An autoencoder squeezes $x$ into a code $z$ and makes $x$ again from it. What it learns depends
# on what stops it from simply copying.
#
# - **Part A, narrow.** The code is small. The best linear answer is known: principal components.
# - **Part B, noisy.** The input is spoilt, and the clean $x$ is asked for. The best answer for
#   Gaussian data is known, and it tells the slope of the log-density.
# - **Part C, sparse.** The code is wide, and few entries may be on at a time. Then a feature can be
#   held fast, to see what it does.
#
# At the end you will put digits on a map, clean noisy ones, and find strokes inside them.
#
# | | |
# |---|---|
# | **Needs** | the chapter *Autoencoders*, PyTorch's basics |
# | **Points** | {points}, in ten exercises |
# | **Time** | two to three hours for you, about twenty seconds for a laptop; no GPU |
#
# **How it works.** Replace each `raise NotImplementedError` by your code. Run the check cell below
# it: it prints nothing when all is well, and names the likely mistake when not. A second, hidden
# check runs when you hand in: other inputs, other shapes. To run all visible checks at once, type
# `make check NOTEBOOK=02`, or `python -m course check 02` in JupyterLab's own terminal.

# %% given="setup"
import math
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import torch
from sklearn.decomposition import PCA
from torch import Tensor, nn
from torch.distributions import MultivariateNormal
from torch.testing import assert_close

from dgm.autoencoder import Autoencoder, autoencoder_train
from dgm.data.batches import minibatches
from dgm.data import load
from dgm.exact.pca import pca_reconstruct
from dgm.sparse import SparseAutoencoder, planted_activations

torch.set_num_threads(1)  # small problems are fastest on one
torch.manual_seed(0)
images, digit = load("digits")  # (B, 1, 8, 8) in [-1, 1]

# %% [markdown]
# Throughout, `x` holds a batch: its first axis counts the rows, and the others are the **event**,
# one image or one vector. `model.encode(x)` gives a code `(B, K)`, `model.decode(z)` a flat
# reconstruction, `model(x)` a reconstruction in the shape of `x`.
#
# ## Part A · A narrow code
#
# ### Exercise 1 · How far is a reconstruction from its image?
#
# *difficulty 1 of 5 · importance 5 of 5 · 10 minutes*
#
# The loss is the squared distance of each $x$ to its reconstruction $\hat x$ (the chapter's $x'$),
# on average over the batch:
#
# $$L = \frac1B\sum_{i=1}^{B}\lVert x_i-\hat x_i\rVert^2,
# \qquad \lVert x_i-\hat x_i\rVert^2 = \sum_{j} (x_{ij}-\hat x_{ij})^2 .$$
#
# 1. Take the square of each entry's error.
# 2. **Sum** it over the event, whatever shape the event has.
# 3. Take the **mean** over the batch.
#
# The order matters in this course: half the sum over the event is the negative log-likelihood of
# a Gaussian with variance 1, up to an added constant. With a mean over pixels it is not.
#
# *Predict first:* you double the height and the width of all images. What happens to this loss?
# And to a mean over pixels?
#
# <details><summary>Hint 1</summary>
#
# `t.flatten(1)` makes each event one row, and leaves the batch alone.
# </details>
# <details><summary>Hint 2</summary>
#
# `t.sum(1).mean()` of a table adds along each row, then averages. The result must stay a tensor:
# training asks for its gradient.
# </details>

# %% answer="reconstruction_loss"
from dgm.autoencoder import reconstruction_loss  # exercise

# %% check="reconstruction_loss" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
x, x_hat = (torch.randn(6, 2, 3, 4, generator=g, dtype=torch.float64) for _ in range(2))
before = x.clone(), x_hat.clone()
x_hat.requires_grad_()
value = reconstruction_loss(x, x_hat)
assert value is not None, "reconstruction_loss returned None: did you forget `return`?"
assert torch.equal(x, before[0]) and torch.equal(x_hat, before[1]), (
    "reconstruction_loss has changed what it was given: work on a copy"
)
assert isinstance(value, Tensor) and value.requires_grad, (
    "no gradient reaches x_hat: return a tensor, without .item(), .detach() or no_grad"
)
assert value.numel() == 1, (
    f"one number is wanted, got shape {tuple(value.shape)}: is the mean over the batch there?"
)
wanted, lengths, sizes = 0.0, 0.0, 0.0
for row, row_hat in zip(before[0].flatten(1).tolist(), before[1].flatten(1).tolist()):
    errors = [a - b for a, b in zip(row, row_hat)]
    wanted += sum(e * e for e in errors) / 6
    lengths += math.sqrt(sum(e * e for e in errors)) / 6
    sizes += sum(abs(e) for e in errors) / 6
got = value.item()
for mistake, amount in (
    ("a mean over pixels in place of the sum", wanted / 24),
    ("a sum over the batch too; it should be a mean", wanted * 6),
    ("the mean over pixels and the sum over the batch: the other way round", wanted / 4),
    ("half of it: there is no 1/2 in this formula", wanted / 2),
    ("the length of the error, not its square", lengths),
    ("absolute errors, not squares", sizes),
    ("a sum over the last axis alone: the event has three", wanted / 6),
    ("a sum over axis 1 alone: the event has three axes", wanted / 12),
):
    assert not abs(got - amount) <= 1e-5 * wanted, mistake
assert abs(got - wanted) <= 1e-5 * wanted, (
    f"added up by hand it is {wanted:.6f}, got {got:.6f}: is each entry's error squared, then added?"
)
(slope,) = torch.autograd.grad(value.sum(), x_hat)
assert_close(
    slope,
    2 * (before[1] - before[0]) / 6,
    rtol=1e-4,
    atol=1e-5,
    check_dtype=False,
    msg="the value is right and its gradient is not: is a part of it detached?",
)


# %% hidden="reconstruction_loss" points=1
# Hidden check, 1 point: vectors, images of other sizes, one row, float32, a perfect reconstruction.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, dtype in (
    ((5, 7), torch.float64),
    ((1, 1), torch.float64),
    ((3, 2, 4, 5), torch.float32),
    ((2, 1, 28, 28), torch.float32),
):
    x, x_hat = (torch.randn(shape, generator=g, dtype=dtype) for _ in range(2))
    x_hat.requires_grad_()
    value = reconstruction_loss(x, x_hat)
    assert isinstance(value, Tensor) and value.numel() == 1 and value.requires_grad, (
        "one number, with a gradient"
    )
    wanted = float(
        torch.cdist(
            x.flatten(1), x_hat.detach().flatten(1), compute_mode="donot_use_mm_for_euclid_dist"
        )
        .diagonal()
        .square()
        .mean()
    )
    assert abs(value.item() - wanted) <= 1e-4 * wanted, f"wrong for x of shape {shape}"
    (slope,) = torch.autograd.grad(value.sum(), x_hat)
    assert_close(
        slope,
        2 * (x_hat.detach() - x) / len(x),
        rtol=1e-3,
        atol=1e-4,
        check_dtype=False,
        msg=f"wrong gradient for x of shape {shape}",
    )
    assert abs(float(reconstruction_loss(x, x.clone()))) < 1e-6, (
        "a perfect reconstruction costs nothing"
    )


# %% [markdown]
# ### Exercise 2 · The best linear autoencoder
#
# *difficulty 3 of 5 · importance 4 of 5 · 20 minutes*
#
# Suppose that encoder and decoder are linear. Then nobody needs to train: the minimum of the loss
# is known. It projects $x$ on the plane in which the data vary most. With orthonormal directions
# as the rows of $V$, a $(k, d)$ matrix,
#
# $$z = V\,(x-\bar x), \qquad \hat x = V^\top z + \bar x .$$
#
# 1. Make each event flat: `x` becomes a table $(B, d)$.
# 2. $\bar x$ is the mean of its rows, one number for each entry.
# 3. Take $\bar x$ off each row.
# 4. The rows of $V$ are the $k$ directions of largest variance, **the largest first**: eigenvectors
#    of the covariance, or right singular vectors of the centred table.
#
# Return $(\bar x, V)$. Each direction may have either sign.
#
# *Predict first:* what does the first direction show if you forget step 3?
#
# <details><summary>Hint 1</summary>
#
# There are two roads. `torch.linalg.svd` of the centred table sorts downwards, and its third
# result holds directions as rows. `torch.linalg.eigh` of the covariance sorts *upwards*, and holds
# them as columns.
# </details>
# <details><summary>Hint 2</summary>
#
# `full_matrices=False` saves much time. The directions have $d$ entries each, not $B$.
# </details>

# %% answer="principal_components"
from dgm.exact.pca import principal_components  # exercise

# %% check="principal_components" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
# Data with known directions: orthonormal, centred codes times a spread, along orthonormal axes.
n, d, k = 40, 6, 3
codes = torch.linalg.qr(
    torch.cat([torch.ones(n, 1), torch.randn(n, d, generator=g)], dim=1).double()
).Q[:, 1:]
axes = torch.linalg.qr(
    torch.randn(d, d, generator=g, dtype=torch.float64)
).Q.T  # a direction in each row
center = 4 * torch.randn(d, generator=g, dtype=torch.float64)
x = (codes * torch.tensor([8.0, 5.0, 3.0, 2.0, 1.2, 0.7]) @ axes + center).reshape(n, 1, 2, 3)
before = x.clone()
got = principal_components(x, k)
assert got is not None, "principal_components returned None: did you forget `return`?"
assert isinstance(got, (tuple, list)) and len(got) == 2, (
    "two things are wanted: the mean and the components"
)
assert torch.equal(x, before), "principal_components has changed the x it was given: work on a copy"
mean, components = (torch.as_tensor(t).detach().double() for t in got)
assert not (mean.shape == (k, d) and components.shape == (d,)), (
    "the mean comes first, then the components"
)
assert mean.shape == (d,), (
    f"the mean has one number for each entry of the flat x: wanted {(d,)}, got {tuple(mean.shape)}"
)
assert components.shape != (d, k), f"one direction in each *row*: wanted {(k, d)}, got {(d, k)}"
assert components.shape == (k, d), (
    f"wanted components of shape (k, d), here {(k, d)}; got {tuple(components.shape)}"
)
assert_close(mean, center, rtol=1e-4, atol=1e-4, msg="the mean is not the mean of the rows")
inner = components @ axes.T  # (k, d): cosines with the true directions, 1 or -1 on the diagonal
lengths = components.norm(dim=1)
assert (lengths - 1).abs().max() < 1e-3, (
    f"each direction has length 1; yours have {[round(v, 4) for v in lengths.tolist()]}"
)
if inner.diagonal().abs().min() < 1 - 1e-3:
    assert inner[:, :k].flip(1).diagonal().abs().min() < 1 - 1e-3, (
        "the right directions in the wrong order: the largest variance comes first"
    )
    assert inner.flip(1).diagonal().abs().min() < 1 - 1e-3, (
        "these are the directions of smallest variance: eigh sorts upwards"
    )
    uncentred = torch.linalg.svd(before.flatten(1), full_matrices=False).Vh[:k]
    assert (components @ uncentred.T).diagonal().abs().min() < 1 - 1e-3, (
        "take the mean off before the decomposition"
    )
    raise AssertionError(
        f"the cosines with the true directions should be 1 or -1, they are {[round(v, 3) for v in inner.diagonal().tolist()]}: "
        "rows and columns of the eigenvectors? Each column's own mean taken off, and nothing divided?"
    )


# %% hidden="principal_components" points=2
# Hidden check, 2 points: fewer rows than entries, all directions, one direction, float32, and
# digits, against scikit-learn.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, shape, k, dtype in (
    (6, (3, 4), 4, torch.float64),
    (50, (5,), 5, torch.float64),
    (30, (1, 3, 3), 1, torch.float32),
):
    d, rank = math.prod(shape), min(n - 1, math.prod(shape))
    codes = torch.linalg.qr(
        torch.cat([torch.ones(n, 1), torch.randn(n, rank, generator=g)], dim=1).double()
    ).Q[:, 1:]
    axes = torch.linalg.qr(torch.randn(d, rank, generator=g, dtype=torch.float64)).Q.T
    center = 3 * torch.randn(d, generator=g, dtype=torch.float64)
    spread = 10 * 0.6 ** torch.arange(rank, dtype=torch.float64)
    x = ((codes * spread) @ axes + center).reshape(n, *shape).to(dtype)
    mean, components = (torch.as_tensor(t).double() for t in principal_components(x, k))
    assert mean.shape == (d,) and components.shape == (k, d), (
        f"shapes, for x of shape {tuple(x.shape)}"
    )
    assert_close(mean, center, rtol=1e-4, atol=1e-4, msg="mean")
    inner = components @ axes[:k].T
    assert_close(
        inner.abs(),
        torch.eye(k).double(),
        rtol=0,
        atol=2e-3,
        msg=f"directions, for x of shape {tuple(x.shape)}",
    )
rows = images[torch.randperm(len(images), generator=g)[:300]]
mean, components = (torch.as_tensor(t).double() for t in principal_components(rows, 10))
seen = ((rows.flatten(1).double() - mean) @ components.T).var(0)
wanted = torch.from_numpy(PCA(10).fit(rows.flatten(1).double().numpy()).explained_variance_)
assert_close(seen, wanted, rtol=1e-2, atol=1e-3, msg="variances along the directions of the digits")
assert_close(
    components @ components.T,
    torch.eye(10).double(),
    rtol=0,
    atol=1e-3,
    msg="directions of the digits are orthonormal",
)


# %% [markdown]
# ## Part B · A noisy input
#
# With a wide code an autoencoder could copy its input, and learn nothing. So spoil the input, and
# ask for what it was before.
#
# ### Exercise 3 · Gaussian corruption
#
# *difficulty 1 of 5 · importance 4 of 5 · 10 minutes*
#
# $$\tilde x = x + \sigma\,\varepsilon, \qquad \varepsilon_{ij}\sim\mathcal N(0, 1)
# \text{ for each entry of each row anew.}$$
#
# 1. Draw $\varepsilon$ in the shape of `x`, with `generator`, so that the same generator state
#    gives the same noise.
# 2. Multiply it by the standard deviation $\sigma$ and add it to a copy of `x`.
#
# Nothing is clipped: a noisy pixel may lie outside $[-1, 1]$.
#
# *Predict first:* $\sigma = 0.5$ and 64 pixels. How large is $\lVert\tilde x-x\rVert^2$ on average?
#
# <details><summary>Hint 1</summary>
#
# `torch.randn_like` takes no generator. `torch.randn` does, and wants a shape.
# </details>
# <details><summary>Hint 2</summary>
#
# A number of $\mathcal N(0,\sigma^2)$ is $\sigma$, not $\sigma^2$, times one of $\mathcal N(0,1)$.
# </details>

# %% answer="gaussian_noise"
from dgm.autoencoder import gaussian_noise  # exercise

# %% check="gaussian_noise" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
x, sigma = 3 * torch.randn(300, 3, 4, 4, generator=g, dtype=torch.float64), 0.5
before = x.clone()
got = gaussian_noise(x, sigma, generator=g)
assert got is not None, "gaussian_noise returned None: did you forget `return`?"
assert torch.equal(x, before), (
    "gaussian_noise has changed the x it was given: no `+=`, no method whose name ends in _"
)
assert got.shape == x.shape, f"the shape of x is wanted, {tuple(x.shape)}; got {tuple(got.shape)}"
noise = (got - x).double() / sigma  # should be N(0, 1); seven tests at 6 standard errors: 1 in 10^8
n = noise.numel()
assert not (got.double().var() / sigma**2 - 1).abs() < 0.1, "this is the noise alone: add it to x"
assert noise.var() > 0, "nothing has changed: where is the noise?"
alike = {}  # neighbours along each axis: are their numbers alike?
for axis, words in enumerate(("rows of the batch", "channels", "pixels", "pixels")):
    size = noise.shape[axis] - 1
    a, b = (noise.narrow(axis, start, size) - noise.mean() for start in (0, 1))
    alike[abs((a * b).mean() / noise.var()) * math.sqrt(a.numel())] = words
assert max(alike) < 6, (
    f"{alike[max(alike)]} share their noise: draw a number for each entry, in the shape of x"
)
assert noise.mean().abs() < 6 / math.sqrt(n), (
    f"the noise should have mean 0, has {sigma * float(noise.mean()):.4f}: torch.rand in place of torch.randn? Is something clipped?"
)
hint = "is nothing clipped, is the noise added and not multiplied?"
for factor, words in (
    (sigma, "sigma squared in place of sigma"),
    (1 / math.sqrt(sigma), "the root of sigma"),
    (1 / sigma, "sigma is not used"),
):
    if (noise.std() / factor - 1).abs() < 0.05:
        hint = words + "? sigma is the standard deviation"
assert (noise.var() - 1).abs() < 6 * math.sqrt(2 / n), (
    f"the noise should have standard deviation {sigma}, has {sigma * float(noise.std()):.4f}: {hint}"
)
same = [torch.Generator().manual_seed(SEED + 1) for _ in range(2)]
again, twice = (gaussian_noise(x, sigma, generator=s) for s in same)
assert torch.equal(again, twice), (
    "the same generator state gave other noise: pass generator=generator to what draws"
)
assert not torch.equal(gaussian_noise(x, sigma, generator=same[0]), again), (
    "a second call gave the same noise: set no seed inside, and draw from the generator itself"
)
assert gaussian_noise(x, sigma).shape == x.shape, "without a generator it should work too"


# %% hidden="gaussian_noise" points=2
# Hidden check, 2 points: that the noise is Gaussian, other shapes and sigmas, float32, no
# generator, sigma = 0.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, sigma, dtype in (((4000, 3), 2.0, torch.float64), ((200, 2, 5, 7), 0.3, torch.float32)):
    x = 3 * torch.rand(shape, generator=g, dtype=dtype) - 1.5
    before = x.clone()
    got = gaussian_noise(x, sigma, generator=g)
    assert torch.equal(x, before) and got.shape == x.shape, "shape, and an untouched x"
    noise = (got.double() - x.double()) / sigma
    n = noise.numel()
    # Kolmogorov's distance to the Gaussian; a right answer exceeds 3.2 / sqrt(n) once in 4e8 runs
    ranks = torch.special.ndtr(noise).flatten().sort().values - torch.arange(n) / n
    assert max(ranks.max(), 1 / n - ranks.min()) < 3.2 / math.sqrt(n), (
        f"the noise is Gaussian, with standard deviation {sigma}"
    )
    assert noise.mean().abs() < 6 / math.sqrt(n) and (noise.var() - 1).abs() < 6 * math.sqrt(
        2 / n
    ), "mean and variance"
    for axis in range(x.dim()):
        a, b = noise.narrow(axis, 1, shape[axis] - 1), noise.narrow(axis, 0, shape[axis] - 1)
        assert (a * b).mean().abs() < 6 / math.sqrt(a.numel()), "each entry has noise of its own"
x = torch.randn(5, 2, generator=g, dtype=torch.float64)
assert_close(
    gaussian_noise(x, 0.0),
    x,
    rtol=1e-6,
    atol=1e-6,
    check_dtype=False,
    msg="with sigma = 0 nothing changes",
)
assert not torch.equal(gaussian_noise(x, 1.0), gaussian_noise(x, 1.0)), (
    "without a generator too, each call draws anew"
)


# %% [markdown]
# ### Exercise 4 · Masking corruption
#
# *difficulty 1 of 5 · importance 3 of 5 · 10 minutes*
#
# Another way to spoil an image: lose parts of it.
#
# $$\tilde x_{ij} = \begin{cases} 0 & \text{with probability } p,\\ x_{ij} & \text{otherwise,}\end{cases}
# \qquad\text{each entry alone.}$$
#
# 1. Draw a uniform number for each entry, with `generator`.
# 2. Where it is below $p$, put 0. Elsewhere leave $x_{ij}$ exactly as it is.
#
# This is not dropout, which also divides what it keeps by $1-p$.
#
# *Predict first:* in these digits the value 0 is a middle grey. Can the model tell a lost pixel from
# a grey one?
#
# <details><summary>Hint 1</summary>
#
# A number drawn uniformly from $(0,1)$ lies below $p$ with probability $p$.
# </details>
# <details><summary>Hint 2</summary>
#
# Choosing between two tensors makes a new one; assigning to entries of `x` changes the caller's.
# </details>

# %% answer="masking_noise"
from dgm.autoencoder import masking_noise  # exercise

# %% check="masking_noise" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
x, p = torch.randn(300, 3, 4, 4, generator=g, dtype=torch.float64), 0.3
before = x.clone()
got = masking_noise(x, p, generator=g)
assert got is not None, "masking_noise returned None: did you forget `return`?"
assert torch.equal(x, before), "masking_noise has changed the x it was given: work on a copy"
assert got.shape == x.shape, f"the shape of x is wanted, {tuple(x.shape)}; got {tuple(got.shape)}"
lost = got == 0
n = lost.numel()
assert lost.any(), "no entry is 0: a lost entry becomes 0, not -1 or a smaller number"
kept = got[~lost].double() / x[~lost]
assert not (len(kept) and (kept * (1 - p) - 1).abs().max() < 1e-4), (
    "what is kept is divided by 1 - p, as in dropout; leave it as it is"
)
assert not len(kept) or (kept - 1).abs().max() < 1e-4, (
    "an entry is 0 or what it was; yours has other numbers"
)
share = float(lost.double().mean())
off = 6 * math.sqrt(p * (1 - p) / n)  # six tests at 6 standard errors: 1 in 10^8
assert not abs(share - (1 - p)) < off, (
    f"a share of {share:.3f} is lost: p is the probability of losing, not of keeping"
)
assert share < 1, "all is lost"
alike = {}  # neighbours along each axis: are they lost together?
for axis, words in enumerate(("rows of the batch", "channels", "pixels", "pixels")):
    size = lost.shape[axis] - 1
    a, b = (lost.narrow(axis, start, size).double() - share for start in (0, 1))
    alike[abs((a * b).mean() / (share * (1 - share))) * math.sqrt(a.numel())] = words
assert max(alike) < 6, f"{alike[max(alike)]} lose their entries together: draw for each entry alone"
assert abs(share - p) < off, (
    f"a share of {p} should be lost, it is {share:.3f}: is a uniform number compared with p?"
)
same = [torch.Generator().manual_seed(SEED + 1) for _ in range(2)]
again, twice = (masking_noise(x, p, generator=s) for s in same)
assert torch.equal(again, twice), (
    "the same generator state gave another mask: pass generator=generator to what draws"
)
assert not torch.equal(masking_noise(x, p, generator=same[0]), again), (
    "a second call gave the same mask: does chance decide? Set no seed inside, and draw from the generator itself"
)


# %% hidden="masking_noise" points=1
# Hidden check, 1 point: how the number of lost entries varies, other shapes, float32, p = 0 and
# p = 1, no generator.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, p, dtype in (((1000, 20), 0.5, torch.float64), ((500, 2, 3, 5), 0.8, torch.float32)):
    x = 1 + torch.rand(shape, generator=g, dtype=dtype)
    got = masking_noise(x, p, generator=g)
    lost = (got == 0).double()
    assert ((got == 0) | ((got - x).abs() < 1e-5)).all(), "an entry is 0 or what it was"
    assert abs(float(lost.mean()) - p) < 6 * math.sqrt(p * (1 - p) / lost.numel()), (
        f"a share of {p} is lost"
    )
    rows = lost.flatten(1).sum(1)
    entries = lost[0].numel()
    ratio = float(rows.var()) / (entries * p * (1 - p))
    assert abs(ratio - 1) < 6 * math.sqrt(2 / len(rows)), (
        "how many entries a row loses is a matter of chance"
    )
    spread = (lost - p) / math.sqrt(p * (1 - p))
    for axis in range(x.dim()):
        a, b = spread.narrow(axis, 1, shape[axis] - 1), spread.narrow(axis, 0, shape[axis] - 1)
        assert (a * b).mean().abs() < 6 / math.sqrt(a.numel()), "each entry is lost alone"
    order = x.flatten().argsort()
    halves = lost.flatten()[order].chunk(2)
    assert abs(float(halves[0].mean() - halves[1].mean())) < 6 * math.sqrt(
        4 * p * (1 - p) / lost.numel()
    ), "chance does not look at x"
x = 1 + torch.rand(4, 5, generator=g, dtype=torch.float64)
counts = {int((masking_noise(x, 0.5, generator=g) == 0).sum()) for _ in range(40)}
assert len(counts) > 2, "how many entries a batch loses is a matter of chance too"
assert_close(
    masking_noise(x, 0.0),
    x,
    rtol=1e-6,
    atol=1e-6,
    check_dtype=False,
    msg="with p = 0 nothing is lost",
)
assert (masking_noise(x, 1.0) == 0).all(), "with p = 1 all is lost"


# %% [markdown]
# ### Exercise 5 · The denoising loss
#
# *difficulty 1 of 5 · importance 5 of 5 · 10 minutes*
#
# Now the objective. The model sees the noisy $\tilde x$, and is held to the clean $x$:
#
# $$L = \frac1B\sum_i \lVert x_i - f(\tilde x_i)\rVert^2 .$$
#
# `x_noisy` is given, so this function draws nothing. Your `reconstruction_loss` may help.
#
# *Predict first:* let the code be as wide as the input. What would a perfect copier, $f(\tilde x)=
# \tilde x$, score here? And if the target were $\tilde x$?
#
# <details><summary>Hint 1</summary>
#
# Which of `x` and `x_noisy` does the model see? Which one appears nowhere else?
# </details>
# <details><summary>Hint 2</summary>
#
# Training follows the gradient back through the model's output: leave it attached.
# </details>

# %% answer="denoising_loss"
from dgm.autoencoder import denoising_loss  # exercise

# %% check="denoising_loss" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
x = torch.randn(5, 1, 3, 4, generator=g, dtype=torch.float64)
x_noisy = x + 0.5 * torch.randn(x.shape, generator=g, dtype=torch.float64)
weight = torch.randn(12, 12, generator=g, dtype=torch.float64).requires_grad_()


def tanh_model(v):
    return torch.tanh(v.flatten(1) @ weight).reshape(v.shape)


def distance(a, b):
    return ((a - b) ** 2).sum() / len(a)


value = denoising_loss(tanh_model, x, x_noisy)
assert value is not None, "denoising_loss returned None: did you forget `return`?"
assert torch.as_tensor(value).numel() == 1, f"one number is wanted, got shape {tuple(value.shape)}"
wanted = distance(tanh_model(x_noisy), x)
got, goal = torch.as_tensor(value).item(), wanted.item()
for mistake, amount in (
    (
        "the target is the clean x, not the noisy one: a copier would be perfect",
        distance(tanh_model(x_noisy), x_noisy),
    ),
    ("the model should see the noisy x; it saw the clean one", distance(tanh_model(x), x)),
    ("x and x_noisy are swapped: noisy in, clean as the target", distance(tanh_model(x), x_noisy)),
    (
        "the target is the noise; it should be the clean x",
        distance(tanh_model(x_noisy), x_noisy - x),
    ),
    (
        "the model's output is the guess of x itself; add nothing to it",
        distance(tanh_model(x_noisy) + x_noisy, x),
    ),
    (
        "the clean x went through the model too; it is the target as it is",
        distance(tanh_model(x_noisy), tanh_model(x)),
    ),
    ("the model is not used", distance(x_noisy, x)),
    ("a mean over pixels in place of the sum", wanted / 12),
    ("a sum over the batch too; it should be a mean", wanted * 5),
    ("half of it: there is no 1/2 in this formula", wanted / 2),
):
    assert not abs(got - amount.item()) <= 1e-6 * goal, mistake
assert abs(got - goal) <= 1e-5 * goal, (
    f"wanted {goal:.6f}, got {got:.6f}: is the noise that was given the only noise?"
)
assert isinstance(value, Tensor) and value.requires_grad, (
    "no gradient reaches the model: no .item(), no .detach(), no no_grad"
)
(slope,), (wanted_slope,) = (torch.autograd.grad(v.sum(), weight) for v in (value, wanted))
assert_close(
    slope,
    wanted_slope,
    rtol=1e-4,
    atol=1e-5,
    check_dtype=False,
    msg="the value is right and the model's gradient is not: is a part detached?",
)


# %% hidden="denoising_loss" points=1
# Hidden check, 1 point: vectors, images, one row, float32, and the gradient that reaches the model.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, dtype in (
    ((7, 3), torch.float64),
    ((1, 2, 2, 2), torch.float64),
    ((4, 1, 8, 8), torch.float32),
):
    x = torch.randn(shape, generator=g, dtype=dtype)
    x_noisy = x * (torch.rand(shape, generator=g) < 0.7)
    gain, shift = (
        torch.randn(2, generator=g, dtype=dtype).requires_grad_(),
        torch.randn(shape[1:], generator=g, dtype=dtype),
    )
    value = denoising_loss(
        lambda v, gain=gain, shift=shift: gain[0] * v + gain[1] * shift, x, x_noisy
    )
    assert isinstance(value, Tensor) and value.numel() == 1 and value.requires_grad, (
        "one number, with a gradient"
    )
    wanted = (gain[0] * x_noisy + gain[1] * shift - x).square().sum() / len(x)
    assert abs(value.item() - wanted.item()) <= 1e-4 * (1 + wanted.item()), (
        f"wrong for x of shape {shape}"
    )
    (slope,), (wanted_slope,) = (torch.autograd.grad(v.sum(), gain) for v in (value, wanted))
    assert_close(
        slope,
        wanted_slope,
        rtol=1e-3,
        atol=1e-3,
        check_dtype=False,
        msg=f"wrong gradient for x of shape {shape}",
    )


# %% [markdown]
# ### Exercise 6 · The best denoiser there is
#
# *difficulty 3 of 5 · importance 4 of 5 · 20 minutes*
#
# The denoising loss is smallest where $f(\tilde x)$ is the mean of all $x$ that could have led to
# $\tilde x$: $f(\tilde x)=\mathbb E[x\mid\tilde x]$. For Gaussian data, $x\sim\mathcal N(\mu,\Sigma)$,
# that mean is known:
#
# $$\mathbb E[x\mid\tilde x] = \mu + \Sigma\,(\Sigma+\sigma^2 I)^{-1}(\tilde x-\mu).$$
#
# 1. The covariance of the *noisy* data is $\Sigma+\sigma^2 I$.
# 2. Take $\mu$ off each row.
# 3. Multiply by the share of the variance that is signal, $\Sigma\,(\Sigma+\sigma^2 I)^{-1}$.
# 4. Put $\mu$ back.
#
# $\Sigma$ may be **singular**: a pixel that is the same in all images has variance 0.
#
# *Predict first:* along one axis the data have variance 4, along another 0.01, and $\sigma=1$. What
# does the denoiser do to each?
#
# <details><summary>Hint 1</summary>
#
# In one dimension it is $\mu + \frac{v}{v+\sigma^2}(\tilde x-\mu)$. Which matrix is inverted?
# </details>
# <details><summary>Hint 2</summary>
#
# The rows of `x_noisy` are row vectors; the formula has columns. Transpose the product. Both
# matrices are symmetric and they commute, so each may come first. $\sigma^2$ goes on the diagonal
# only.
# </details>

# %% answer="gaussian_denoiser"
from dgm.exact.denoiser import gaussian_denoiser  # exercise

# %% check="gaussian_denoiser" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
axes = torch.linalg.qr(
    torch.randn(4, 4, generator=g, dtype=torch.float64)
).Q  # an axis in each column
v = torch.tensor([4.0, 1.0, 0.1, 0.02], dtype=torch.float64)  # the variance along each
cov, sigma = (axes * v) @ axes.T, 0.5
mean, x_noisy = (
    2 * torch.randn(4, generator=g, dtype=torch.float64),
    3 * torch.randn(6, 4, generator=g, dtype=torch.float64),
)
before = [t.clone() for t in (x_noisy, mean, cov)]
got = gaussian_denoiser(x_noisy, mean, cov, sigma)
assert got is not None, "gaussian_denoiser returned None: did you forget `return`?"
for name, old, now in zip(("x_noisy", "mean", "cov"), before, (x_noisy, mean, cov)):
    assert torch.equal(old, now), (
        f"gaussian_denoiser has changed the {name} it was given: work on a copy"
    )
assert got.shape == (6, 4), f"a guess for each row: wanted (6, 4), got {tuple(got.shape)}"
along = (x_noisy - mean) @ axes


def drawn_in(share, start=along, end=mean):  # each axis alone, by its share
    return (start * share) @ axes.T + end


wanted = drawn_in(v / (v + sigma**2))
for mistake, amount in (
    ("sigma in place of sigma squared", drawn_in(v / (v + sigma))),
    ("the mean is not taken off before the product", drawn_in(v / (v + sigma**2), x_noisy @ axes)),
    ("the mean is not put back", drawn_in(v / (v + sigma**2), along, 0)),
    ("the mean is not used: it draws to 0", drawn_in(v / (v + sigma**2), x_noisy @ axes, 0)),
    ("the share of the noise; wanted that of the signal", drawn_in(sigma**2 / (v + sigma**2))),
    ("nothing is drawn in: it gives back what it got. Is the noise in what you invert?", x_noisy),
    (
        "the noise grows: the clean and the noisy covariance are swapped",
        drawn_in((v + sigma**2) / v),
    ),
    (
        "the inverse of the noisy covariance is there; cov times it is wanted",
        drawn_in(1 / (v + sigma**2)),
    ),
    (
        "this takes cov for the covariance of the noisy data; it is that of the clean",
        drawn_in((v - sigma**2) / v),
    ),
    (
        "each pixel alone, without the correlations: use the whole matrix",
        mean + (x_noisy - mean) * cov.diagonal() / (cov.diagonal() + sigma**2),
    ),
    (
        "sigma squared belongs on the diagonal alone",
        mean + (x_noisy - mean) @ torch.linalg.solve(cov + sigma**2, cov),
    ),
    ("the noise that was added; wanted what is left without it", x_noisy - wanted),
):
    assert not torch.allclose(got.double(), amount, rtol=1e-4, atol=1e-4), mistake
assert_close(
    got,
    wanted,
    rtol=1e-4,
    atol=1e-4,
    check_dtype=False,
    msg=f"row 0 should be {[round(t, 4) for t in wanted[0].tolist()]}, got {[round(t, 4) for t in got[0].tolist()]}: a product of matrices, not of entries? the given mean?",
)
level = gaussian_denoiser(x_noisy, mean, torch.diag(v * torch.tensor([1, 1, 1, 0])), sigma)
assert torch.allclose(level[:, 3].double(), mean[3].expand(6), atol=1e-4), (
    "a pixel without variance is its mean, whatever is seen: invert cov + sigma^2 I, which is never singular, and not cov"
)


# %% hidden="gaussian_denoiser" points=2
# Hidden check, 2 points: a pixel without variance, one row, many dimensions, float32, no noise, much
# noise.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, d, sigma, dtype, tolerance in (
    (1, 1, 2.0, torch.float64, 1e-5),
    (4, 30, 0.3, torch.float64, 1e-5),
    (50, 3, 1.0, torch.float32, 1e-3),
    (5, 3, 1e3, torch.float64, 1e-5),
):
    axes = torch.linalg.qr(torch.randn(d, d, generator=g, dtype=torch.float64)).Q
    v = 0.05 + 3 * torch.rand(d, generator=g, dtype=torch.float64)
    mean, x_noisy = (
        torch.randn(d, generator=g, dtype=torch.float64),
        2 * torch.randn(n, d, generator=g, dtype=torch.float64),
    )
    wanted = ((x_noisy - mean) @ axes * (v / (v + sigma**2))) @ axes.T + mean
    got = gaussian_denoiser(*(t.to(dtype) for t in (x_noisy, mean, (axes * v) @ axes.T)), sigma)
    assert_close(
        got,
        wanted,
        rtol=tolerance,
        atol=tolerance,
        check_dtype=False,
        msg=f"wrong for {n} rows, {d} dimensions, sigma={sigma}",
    )
    if sigma == 0.3:
        got = gaussian_denoiser(x_noisy, mean, (axes * v) @ axes.T, 0.0)
        assert_close(
            got,
            x_noisy,
            rtol=1e-4,
            atol=1e-4,
            check_dtype=False,
            msg="without noise there is nothing to take off",
        )
root = torch.randn(2, 2, generator=g, dtype=torch.float64)
cov = torch.zeros(3, 3, dtype=torch.float64)
cov[:2, :2] = root @ root.T + 0.1 * torch.eye(2)
mean, x_noisy = (
    torch.randn(3, generator=g, dtype=torch.float64),
    torch.randn(4, 3, generator=g, dtype=torch.float64),
)
got = gaussian_denoiser(x_noisy, mean, cov, 0.7)
gain = torch.linalg.inv(torch.eye(2) + 0.49 * torch.linalg.inv(cov[:2, :2]))
assert_close(
    got[:, 2],
    mean[2].expand(4),
    rtol=1e-5,
    atol=1e-5,
    check_dtype=False,
    msg="a pixel without variance is its mean",
)
assert_close(
    got[:, :2],
    mean[:2] + (x_noisy - mean)[:, :2] @ gain.T,
    rtol=1e-4,
    atol=1e-4,
    check_dtype=False,
    msg="wrong where cov is singular",
)


# %% [markdown]
# ### Exercise 7 · What a denoiser knows of the density
#
# *difficulty 2 of 5 · importance 5 of 5 · 10 minutes*
#
# Tweedie's formula holds for **any** data with Gaussian noise:
#
# $$\mathbb E[x\mid\tilde x] = \tilde x + \sigma^2\,\nabla\log p(\tilde x).$$
#
# So the best denoiser takes one step uphill on the log-density of the noisy data. Solve for the
# **score** $\nabla\log p(\tilde x)$, and you have the slope of a density that you never wrote down.
# Diffusion models are built on this line.
#
# *Predict first:* in the middle between two equal clusters, what does the best denoiser do? What is
# the score there?
#
# <details><summary>Hint 1</summary>
#
# The score points where the denoiser goes, from what is noisy to what is clean.
# </details>
# <details><summary>Hint 2</summary>
#
# Divide by the *variance* of the noise.
# </details>

# %% answer="tweedie_score"
from dgm.exact.denoiser import tweedie_score  # exercise

# %% check="tweedie_score" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
axes = torch.linalg.qr(torch.randn(3, 3, generator=g, dtype=torch.float64)).Q
v, sigma = torch.tensor([3.0, 0.5, 0.2], dtype=torch.float64), 0.6
mean, x_noisy = (
    torch.randn(3, generator=g, dtype=torch.float64),
    2 * torch.randn(5, 3, generator=g, dtype=torch.float64),
)
denoised = ((x_noisy - mean) @ axes * (v / (v + sigma**2))) @ axes.T + mean
leaf = x_noisy.clone().requires_grad_()
density = MultivariateNormal(mean, (axes * (v + sigma**2)) @ axes.T)  # of the noisy data
(wanted,) = torch.autograd.grad(density.log_prob(leaf).sum(), leaf)
before = x_noisy.clone(), denoised.clone()
got = tweedie_score(x_noisy, denoised, sigma)
assert got is not None, "tweedie_score returned None: did you forget `return`?"
assert torch.equal(x_noisy, before[0]) and torch.equal(denoised, before[1]), (
    "tweedie_score has changed what it was given: work on a copy"
)
assert got.shape == (5, 3), (
    f"a score has the shape of x_noisy: wanted (5, 3), got {tuple(got.shape)}"
)
if not torch.allclose(got.double(), wanted, rtol=1e-4, atol=1e-4):
    for factor, mistake in (
        (-1, "the sign is turned: the score points from the noisy to the clean"),
        (sigma, "divided by sigma; wanted sigma squared"),
        (-sigma, "that is the predicted noise; the score is minus it, over sigma"),
        (sigma**2, "the step itself: divide it by sigma squared"),
        (sigma**4, "multiplied by sigma squared; wanted divided"),
        (0.5, "half of it: there is no 1/2 in this formula"),
        (sigma**2 / (1 + sigma**2), "divided by 1 + sigma squared; wanted sigma squared"),
    ):
        assert not torch.allclose(got.double(), factor * wanted, rtol=1e-4, atol=1e-4), mistake
    raise AssertionError(
        f"autograd says {[round(t, 4) for t in wanted[0].tolist()]} in row 0, got {[round(t, 4) for t in got[0].tolist()]}: "
        "are there brackets round the difference?"
    )


# %% hidden="tweedie_score" points=1
# Hidden check, 1 point: two clusters, images, float32, other sigmas, against autograd.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, sigma, dtype in (
    ((9, 1), 1.5, torch.float64),
    ((4, 2, 3, 3), 0.2, torch.float64),
    ((20, 5), 3, torch.float32),
):
    a, b = torch.randn(
        2, *shape[1:], generator=g, dtype=torch.float64
    )  # the data are a or b, evenly
    x_noisy = torch.randn(shape, generator=g, dtype=torch.float64).requires_grad_()
    logits = torch.stack([-((x_noisy - c) ** 2).flatten(1).sum(1) / (2 * sigma**2) for c in (a, b)])
    (wanted,) = torch.autograd.grad(logits.logsumexp(0).sum(), x_noisy)
    weight = logits.detach().softmax(0).reshape(2, -1, *[1] * (len(shape) - 1))
    denoised = weight[0] * a + weight[1] * b
    got = tweedie_score(x_noisy.detach().to(dtype), denoised.to(dtype), sigma)
    assert_close(
        got,
        wanted,
        rtol=1e-3,
        atol=1e-4,
        check_dtype=False,
        msg=f"wrong for x of shape {shape}, sigma={sigma}",
    )


# %% [markdown]
# ## Part C · A sparse code
#
# ### Exercise 8 · A price on the code
#
# *difficulty 2 of 5 · importance 5 of 5 · 15 minutes*
#
# Let the code be wide, and let each entry that is on cost something:
#
# $$L = \frac1B\sum_i \lVert x_i-\hat x_i\rVert^2 \;+\; \lambda\,\frac1B\sum_i\sum_{k=1}^{K}\lvert z_{ik}\rvert .$$
#
# 1. Encode `x`. Decode the code.
# 2. Take the reconstruction loss. Mind the shapes: `decode` gives flat rows, `x` may hold images.
# 3. Add `l1` times the sum of $\lvert z_k\rvert$ over the code, on average over the batch.
#
# *Predict first:* the slope of $z^2$ near 0 is small, that of $\lvert z\rvert$ is not. Which of the
# two puts entries of the code to exactly 0?
#
# <details><summary>Hint 1</summary>
#
# The price is on what the encoder gives, the code, and not on the weights of the network.
# </details>
# <details><summary>Hint 2</summary>
#
# Both terms teach the encoder: the code that you charge for and the code that you decode are one
# tensor, and it is attached.
# </details>

# %% answer="sparse_loss"
from dgm.autoencoder import sparse_loss  # exercise

# %% check="sparse_loss" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
model, l1 = Autoencoder(12, 5, (7,)).double(), 0.3
x = 2 * torch.randn(6, 1, 3, 4, generator=g, dtype=torch.float64)
before = x.clone()
value = sparse_loss(model, x, l1)
assert value is not None, "sparse_loss returned None: did you forget `return`?"
assert torch.equal(x, before), "sparse_loss has changed the x it was given: work on a copy"
assert torch.as_tensor(value).numel() == 1, f"one number is wanted, got shape {tuple(value.shape)}"
code = model.encoder(x.flatten(1))
x_hat = model.decoder(code)
error, size = ((x_hat - x.flatten(1)) ** 2).sum() / 6, code.abs().sum() / 6
wanted = error + l1 * size
got, goal = torch.as_tensor(value).item(), wanted.item()
for mistake, amount in (
    ("the penalty is missing", error),
    ("the code is squared; wanted its absolute value", error + l1 * (code**2).sum() / 6),
    (
        "the penalty is on the weights; wanted the code",
        error + l1 * sum(p.abs().sum() for p in model.parameters()),
    ),
    ("the penalty is there without its weight l1", error + size),
    ("the mean over the code; wanted the sum over its entries", error + l1 * size / 5),
    ("the penalty is a sum over the batch; wanted the mean", error + l1 * size * 6),
    ("the absolute value is missing: this code has entries below 0", error + l1 * code.sum() / 6),
    (
        "the absolute value of the sum; wanted the sum of absolute values",
        error + l1 * code.sum(1).abs().mean(),
    ),
    ("the penalty is taken off; it should be added", error - l1 * size),
    ("the penalty is on the reconstruction; wanted the code", error + l1 * x_hat.abs().sum() / 6),
    ("the number of entries that are on: a count has no slope", error + l1 * 5),
    ("the reconstruction error is a mean over pixels; wanted the sum", error / 12 + l1 * size),
    ("the reconstruction error keeps its weight of 1", (1 - l1) * error + l1 * size),
):
    assert not abs(got - amount.item()) <= 1e-6 * goal, mistake
assert abs(got - goal) <= 1e-5 * goal, (
    f"wanted {goal:.6f} = {error.item():.6f} + {l1} * {size.item():.6f}, got {got:.6f}"
)
assert isinstance(value, Tensor) and value.requires_grad, (
    "no gradient reaches the model: no .item(), no .detach(), no no_grad"
)
parameters = list(model.encoder.parameters())
slopes = torch.autograd.grad(value.sum(), parameters, allow_unused=True, retain_graph=True)
assert all(s is not None for s in slopes), (
    "no gradient reaches the encoder: is the code detached, or made under no_grad?"
)
for term, mistake in (
    (error, "the penalty teaches the encoder nothing: is its code detached, or a number?"),
    (
        l1 * size,
        "the reconstruction teaches the encoder nothing: is the code that you decode detached?",
    ),
    (wanted, "the value is right and the encoder's gradient is not"),
):
    slopes_of_term = torch.autograd.grad(term, parameters, retain_graph=True)
    same = all(
        torch.allclose(a.double(), b, rtol=1e-4, atol=1e-6) for a, b in zip(slopes, slopes_of_term)
    )
    assert same == (term is wanted), mistake
slopes, wanted_slopes = (
    torch.autograd.grad(t.sum(), list(model.decoder.parameters()), allow_unused=True)
    for t in (value, wanted)
)
for a, b in zip(slopes, wanted_slopes):
    assert a is not None and torch.allclose(a.double(), b, rtol=1e-4, atol=1e-6), (
        "the value is right and the decoder's gradient is not: is the reconstruction detached?"
    )


# %% hidden="sparse_loss" points=2
# Hidden check, 2 points: a sparse autoencoder with a ReLU code, images of another size, float32,
# other weights, and all gradients.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
dense = Autoencoder(18, 4, ())
sparse = SparseAutoencoder(6, 11, generator=g).double()
for model, shape, l1, dtype in (
    (dense, (5, 2, 3, 3), 2.5, torch.float32),
    (sparse, (7, 6), 0.7, torch.float64),
    (sparse, (1, 6), 0.0, torch.float64),
    (dense, (3, 18), 0.1, torch.float32),
):
    x = torch.randn(shape, generator=g, dtype=dtype)
    value = sparse_loss(model, x, l1)
    assert isinstance(value, Tensor) and value.numel() == 1 and value.requires_grad, (
        "one number, with a gradient"
    )
    code = model.encode(x)
    wanted = (
        (x.flatten(1) - model.decode(code)).norm(dim=1) ** 2 + l1 * code.norm(p=1, dim=1)
    ).mean()
    assert abs(value.item() - wanted.item()) <= 1e-4 * wanted.item(), (
        f"wrong for x of shape {shape}, l1={l1}"
    )
    slopes, wanted_slopes = (
        torch.autograd.grad(v.sum(), list(model.parameters()), allow_unused=True)
        for v in (value, wanted)
    )
    for a, b in zip(slopes, wanted_slopes):
        assert a is not None and torch.allclose(a.to(b), b, rtol=1e-3, atol=1e-4), (
            f"wrong gradient for x of shape {shape}, l1={l1}"
        )


# %% [markdown]
# ### Exercise 9 · Were the true directions found?
#
# *difficulty 2 of 5 · importance 3 of 5 · 15 minutes*
#
# To trust a sparse autoencoder, try it on data whose directions $t_1,\dots,t_n$ you planted. Did it
# find them? Its own directions $\ell_1,\dots,\ell_M$ come in any order and length, and there may be
# more of them. So give each **true** direction its best match:
#
# $$\frac1n\sum_{i=1}^{n}\;\max_{m}\;\cos(t_i,\ell_m),
# \qquad \cos(t,\ell)=\frac{t^\top\ell}{\lVert t\rVert\,\lVert\ell\rVert}.$$
#
# 1. Bring every row of both tables to length 1.
# 2. Take all inner products, $(n, M)$.
# 3. Take the maximum over the **learned**, then the mean over the **true**.
#
# There is no absolute value: a code is never below 0, so a direction upside down is another one.
#
# *Predict first:* what does this number say of 10 random directions in 3 dimensions, matched with
# 1000 random ones? And in 100 dimensions?
#
# <details><summary>Hint 1</summary>
#
# A direction is a row: its length is a norm over `dim=1`.
# </details>
# <details><summary>Hint 2</summary>
#
# In the table of cosines, a row belongs to a true direction. Which axis is searched?
# </details>

# %% answer="mean_max_cosine"
from dgm.sparse import mean_max_cosine  # exercise

# %% check="mean_max_cosine" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
true = torch.randn(3, 5, generator=g, dtype=torch.float64) * torch.tensor([[0.2], [1.0], [4.0]])
learned = torch.randn(7, 5, generator=g, dtype=torch.float64) * torch.tensor(
    [[0.1], [3.0], [1.0], [9.0], [0.5], [2.0], [1.0]]
)
learned[2] = -true[0]  # one of them is found upside down
before = true.clone(), learned.clone()
value = mean_max_cosine(true, learned)
assert value is not None, "mean_max_cosine returned None: did you forget `return`?"
assert torch.equal(true, before[0]) and torch.equal(learned, before[1]), (
    "mean_max_cosine has changed what it was given: work on a copy"
)
assert torch.as_tensor(value).numel() == 1, (
    f"one number is wanted, got shape {tuple(value.shape)}: is the mean over the true directions there?"
)
cosines = torch.zeros(3, 7, dtype=torch.float64)
for i in range(3):
    for m in range(7):
        cosines[i, m] = (true[i] * learned[m]).sum() / math.sqrt(
            (true[i] ** 2).sum() * (learned[m] ** 2).sum()
        )
inner, best = true @ learned.T, cosines.amax(1)
wanted, got = float(best.mean()), float(value)
for mistake, amount in (
    ("a direction upside down does not count: no absolute value", cosines.abs().amax(1).mean()),
    ("the directions are not brought to length 1", inner.amax(1).mean()),
    (
        "the learned directions are not brought to length 1",
        (inner / true.norm(dim=1, keepdim=True)).amax(1).mean(),
    ),
    (
        "the true directions are not brought to length 1",
        (inner / learned.norm(dim=1)).amax(1).mean(),
    ),
    ("this is each learned direction's best match; wanted each true one's", cosines.amax(0).mean()),
    ("the mean is taken before the maximum", cosines.mean(0).amax()),
    ("the best of all pairs; wanted the best for each true direction", cosines.amax()),
    ("the mean of all pairs; wanted the best for each true direction", cosines.mean()),
    ("a sum over the true directions; wanted the mean", best.sum()),
    ("divided by the number of learned directions; wanted that of true ones", best.sum() / 7),
    ("row i with row i: the learned directions come in any order", cosines.diagonal().mean()),
):
    assert not abs(got - float(amount)) <= 1e-6 or abs(wanted - float(amount)) <= 2e-6, mistake
assert abs(got - wanted) <= 1e-5, (
    f"pair by pair it is {wanted:.6f}, got {got:.6f}: is the length of a *row* 1, and the match the one of largest cosine?"
)


# %% hidden="mean_max_cosine" points=1
# Hidden check, 1 point: one learned direction, more true than learned ones, float32, all found, and
# all upside down.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, M, d, dtype in (
    (4, 1, 3, torch.float64),
    (9, 5, 2, torch.float64),
    (6, 40, 8, torch.float32),
):
    true, learned = (
        torch.randn(n, d, generator=g, dtype=dtype),
        torch.randn(M, d, generator=g, dtype=dtype),
    )
    learned = learned * torch.exp(2 * torch.randn(M, 1, generator=g, dtype=dtype))
    wanted = (
        torch.nn.functional.cosine_similarity(true[:, None].double(), learned[None].double(), dim=2)
        .max(1)
        .values.mean()
    )
    value = mean_max_cosine(true, learned)
    assert torch.as_tensor(value).numel() == 1, "one number"
    assert abs(float(value) - float(wanted)) < 1e-4, (
        f"wrong for {n} true, {M} learned, {d} dimensions"
    )
true = torch.rand(5, 3, generator=g, dtype=torch.float64) + 0.1
found = torch.cat([torch.randn(4, 3, generator=g), torch.ones(4, 3)]).double()
found = torch.cat([found, 7 * true.flip(0)])
assert abs(float(mean_max_cosine(true, found)) - 1) < 1e-5, (
    "all directions are there, in another order and longer"
)
upside = float(mean_max_cosine(true, -true))
unit = true / true.norm(dim=1, keepdim=True)
assert abs(upside + float((unit @ unit.T).amin(1).mean())) < 1e-5, (
    "all directions are upside down: every cosine is below 0"
)


# %% [markdown]
# ### Exercise 10 · Hold a feature fast
#
# *difficulty 3 of 5 · importance 4 of 5 · 15 minutes*
#
# What does feature $m$ *do*? Hold it at a value, leave all else as it was, and look:
#
# $$x' = \operatorname{decode}(z') + \bigl(x-\operatorname{decode}(z)\bigr),
# \qquad z'_m = \text{value},\quad z'_k = z_k \text{ for } k\ne m .$$
#
# 1. Encode `x` to $z$.
# 2. Make $z'$, a **copy** of $z$ with column `feature` at `value`, in every row.
# 3. Decode both. What the autoencoder does not explain, $x-\operatorname{decode}(z)$, stays in.
#
# *Predict first:* a feature is off for this $x$, and you hold it at 0. What comes out? And without
# the bracket?
#
# <details><summary>Hint 1</summary>
#
# `z2 = z` does not copy: both names are one tensor. `z.clone()` does.
# </details>
# <details><summary>Hint 2</summary>
#
# `z[:, m]` is feature $m$ of all rows; `z[m]` is all features of row $m$.
# </details>

# %% answer="clamp_feature"
from dgm.sparse import clamp_feature  # exercise

# %% check="clamp_feature" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
model = SparseAutoencoder(4, 9, generator=g).double()
with torch.no_grad():  # an encoder of its own, and biases
    model.encoder.copy_(torch.randn(4, 9, generator=g))
    model.decoder_bias.copy_(torch.randn(4, generator=g))
x = torch.randn(40, 4, generator=g, dtype=torch.float64)
before = x.clone()
with torch.no_grad():
    z = model.encode(x)
feature = int(((z > 0).double().mean(0) - 0.5).abs().argmin())  # on in some rows, off in others
strength, direction = z[:, [feature]], model.dictionary[feature].detach()
for value in (float(strength[strength > 0].mean()), 0.0):
    got = clamp_feature(model, x, feature, value)
    assert got is not None, "clamp_feature returned None: did you forget `return`?"
    assert torch.equal(x, before), "clamp_feature has changed the x it was given: work on a copy"
    assert got.shape == x.shape, (
        f"activations are wanted, {tuple(x.shape)}; got {tuple(got.shape)}. Did you decode the code?"
    )
    got = got.detach().double()
    wanted = x + (value - strength) * direction  # decode is linear: only one direction moves
    reconstruction = z @ model.dictionary.detach() + model.decoder_bias.detach()
    for mistake, amount in (
        (
            "what the autoencoder does not explain is lost: add x - decode(z)",
            wanted - x + reconstruction,
        ),
        ("the value is added to the feature; it should take its place", x + value * direction),
        (
            "the feature is multiplied by the value; the value should take its place",
            x + (value - 1) * strength * direction,
        ),
        ("the bracket has the wrong sign", wanted - 2 * (x - reconstruction)),
        ("x is added whole: take decode(z) off", wanted + reconstruction),
        (
            "the other features should stay; you put them to 0",
            value * direction + model.decoder_bias.detach() + x - reconstruction,
        ),
        (
            "the value takes the feature's place; it is not a lower limit",
            x + (strength.clamp(min=value) - strength) * direction,
        ),
        (
            "the value takes the feature's place; it is not an upper limit",
            x + (strength.clamp(max=value) - strength) * direction,
        ),
        (
            "rows where the feature is off should get the value too",
            x + (value - strength) * (strength > 0) * direction,
        ),
        ("nothing has moved: is z a copy, and the bracket made with the old z?", x),
    ):
        assert not torch.allclose(got, amount, atol=1e-6) or torch.allclose(
            wanted, amount, atol=1e-5
        ), mistake
    assert_close(
        got,
        wanted,
        rtol=1e-4,
        atol=1e-4,
        msg=f"wrong at value {value:.4f}: x should move along direction {feature} alone, by the value less its old strength. A row in place of a column?",
    )


# %% hidden="clamp_feature" points=1
# Hidden check, 1 point: other sizes, one row, float32, the first and the last feature, a value
# below 0, an untouched model.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, d, M, dtype in (
    (1, 3, 2, torch.float64),
    (12, 6, 20, torch.float32),
    (30, 2, 5, torch.float64),
):
    model = SparseAutoencoder(d, M, generator=g).to(dtype)
    with torch.no_grad():
        model.encoder.copy_(torch.randn(d, M, generator=g))
        model.encoder_bias.copy_(torch.randn(M, generator=g))
        model.decoder_bias.copy_(torch.randn(d, generator=g))
    before = [p.detach().clone() for p in model.parameters()]
    x = 2 * torch.randn(n, d, generator=g, dtype=dtype)
    for feature in (0, M - 1):
        for value in (5.0, 0.0, -1.5):
            with torch.no_grad():
                strength = model.encode(x)[:, [feature]]
                wanted = x + (value - strength) * model.dictionary[feature]
            got = clamp_feature(model, x, feature, value)
            assert got.shape == x.shape, "shape"
            assert_close(
                got.detach(),
                wanted,
                rtol=1e-3,
                atol=1e-4,
                check_dtype=False,
                msg=f"wrong for x of shape {(n, d)}, feature {feature}, value {value}",
            )
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters())), (
        "the model was changed"
    )


# %% [markdown]
# ## The payoff
#
# ### Two numbers for an image
#
# Your `principal_components` against a network with a code of two numbers, trained with your loss.
# A dot is a digit that neither of them has seen; its colour is its label, which neither was told.

# %% demo=true
test, test_digit = load("digits", "test")
torch.manual_seed(0)
model = Autoencoder(64, 2, (128, 64))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
batches = minibatches(images, 128, 1500, torch.Generator().manual_seed(0))
losses = list(
    autoencoder_train(model, batches, optimizer, lambda model, x: reconstruction_loss(x, model(x)))
)
mean, components = principal_components(images, 2)
with torch.no_grad():
    model.eval()
    maps = {
        "principal components": (test.flatten(1) - mean) @ components.T,
        "autoencoder": model.encode(test),
    }
    errors = {
        "principal components": pca_reconstruct(test, mean, components),
        "autoencoder": model(test),
    }
figure, axes = plt.subplots(1, 2, figsize=(8.4, 3.9), layout="constrained")
for axis, name in zip(axes, maps):
    dots = axis.scatter(*maps[name].T, c=test_digit, cmap="tab10", s=12, vmin=-0.5, vmax=9.5)
    axis.set_title(
        f"{name}: squared error {float(reconstruction_loss(test, errors[name])):.1f}", fontsize=9
    )
    axis.set_xlabel("$z_1$")
axes[0].set_ylabel("$z_2$")
figure.colorbar(dots, ax=axes, ticks=range(10))
plt.show()

# %% [markdown]
# The network bends its sheet through the data; the plane of the principal components cannot. The
# squared errors say how much that helps.
#
# ### Clean the noisy digits
#
# A denoising autoencoder, trained with your noise and your loss, against the best denoiser of
# Gaussian data with the digits' own mean and covariance.

# %% demo=true
test, _ = load("digits", "test")
sigma, g = 0.6, torch.Generator().manual_seed(0)
torch.manual_seed(0)
model = Autoencoder(64, 48, (256,))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
batches = minibatches(images, 128, 1500, torch.Generator().manual_seed(1))


def noisy_loss(model, x):
    return denoising_loss(model, x, gaussian_noise(x, sigma, generator=g))


losses = list(autoencoder_train(model, batches, optimizer, noisy_loss))
noisy = gaussian_noise(test, sigma, generator=torch.Generator().manual_seed(2))
flat = images.flatten(1)
with torch.no_grad():
    rows = {
        "clean": test,
        "noisy": noisy,
        "Gaussian denoiser": gaussian_denoiser(
            noisy.flatten(1), flat.mean(0), torch.cov(flat.T), sigma
        ).reshape(test.shape),
        "autoencoder": model.eval()(noisy),
    }
figure, axes = plt.subplots(4, 10, figsize=(8, 4))
for line, (name, pictures) in zip(axes, rows.items()):
    for axis, picture in zip(line, pictures[:10, 0]):
        axis.imshow(picture, cmap="gray_r", vmin=-1, vmax=1)
        axis.axis("off")
    line[0].set_title(
        f"{name}: squared error {float(reconstruction_loss(test, pictures)):.1f}",
        loc="left",
        fontsize=9,
    )
plt.show()

# %% [markdown]
# The Gaussian denoiser is the best *linear* one, whatever the data. What the autoencoder gains on it
# comes from digits not being Gaussian.
#
# ### Look for strokes
#
# First a test on data whose 24 directions are known, in 16 dimensions: the sparse autoencoder has to
# find more directions than there are axes. Then digits: a feature is held at 0, 2 and 4.

# %% demo=true
g = torch.Generator().manual_seed(0)
true = torch.nn.functional.normalize(torch.randn(24, 16, generator=g), dim=1)
planted = planted_activations(4000, true, 0.05, g)
model = SparseAutoencoder(16, 48, generator=g)
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
start = float(mean_max_cosine(true, model.dictionary.detach()))
for _ in autoencoder_train(
    model,
    minibatches(planted, 256, 800, g),
    optimizer,
    lambda model, x: sparse_loss(model, x, 0.3),
):
    model.normalize()  # each direction back to length 1
end = float(mean_max_cosine(true, model.dictionary.detach()))
print(f"mean max cosine with the planted directions: {start:.3f} before, {end:.3f} after")

strokes = SparseAutoencoder(64, 128, generator=g)
optimizer = torch.optim.Adam(strokes.parameters(), lr=5e-3)
for _ in autoencoder_train(
    strokes,
    minibatches(images.flatten(1), 128, 1000, g),
    optimizer,
    lambda model, x: sparse_loss(model, x, 1.0),
):
    strokes.normalize()
with torch.no_grad():
    z = strokes.encode(images.flatten(1))
    print(
        f"{float((z > 0).double().sum(1).mean()):.1f} of 128 features are on for a digit, on average"
    )
    chosen = (z > 0.5).double().mean(0).argsort(descending=True)[:6].tolist()
    figure, axes = plt.subplots(4, 6, figsize=(6, 4.4))
    for column, feature in zip(axes.T, chosen):
        column[0].imshow(strokes.dictionary[feature].view(8, 8), cmap="RdBu", vmin=-0.5, vmax=0.5)
        column[0].set_title(f"feature {feature}", fontsize=8)
        for axis, value in zip(column[1:], (0.0, 2.0, 4.0)):
            axis.imshow(
                clamp_feature(strokes, images[:1].flatten(1), feature, value).view(8, 8),
                cmap="gray_r",
                vmin=-1,
                vmax=1,
            )
    for axis in axes.flat:
        axis.axis("off")
plt.show()

# %% [markdown]
# The upper row shows directions, the others one and the same digit with that feature held at 0, 2
# and 4.
#
# ## Break it
#
# The same training, with a larger and larger `l1`. Run it. In the last lines the loss falls by a
# factor of a hundred, and yet nothing is learnt. Say which number shows it, why more training does
# not repair it, and what picture every digit is given.

# %% demo=true
flat = images.flatten(1)
print(f"the digits' total variance: {float(flat.var(0, correction=0).sum()):.2f}")
for l1 in (0.0, 1.0, 4.0, 30.0, 100.0):
    g = torch.Generator().manual_seed(0)
    model = SparseAutoencoder(64, 128, generator=g)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    losses = []
    for value in autoencoder_train(
        model,
        minibatches(flat, 128, 500, g),
        optimizer,
        lambda model, x, l1=l1: sparse_loss(model, x, l1),
    ):
        losses.append(value)
        model.normalize()
    with torch.no_grad():
        z = model.encode(flat)
        error = float(reconstruction_loss(flat, model.decode(z)))
    on = float((z > 0).double().sum(1).mean())
    print(
        f"l1 = {l1:>5}: loss {losses[0]:7.1f} to {losses[-1]:5.2f}, "
        f"squared error {error:5.2f}, {on:5.2f} of 128 features on"
    )

# %% [markdown]
# <details><summary>Why</summary>
#
# The number of features that are on: a twelfth of one, or less, for a digit. A feature that is off
# for all images is **dead**: the slope of its ReLU is 0, so neither term of the loss moves its
# weights again. What is left is the decoder's bias, one picture for all. The best such picture is
# the mean digit, whose squared error is the digits' total variance, and nothing here does better.
#
# At `l1 = 0` the fault is the opposite one. With twice as many directions as pixels the code can
# copy: the error is almost 0, half of the features are on, and no direction means anything.
# </details>
#
# ## Questions to think about
#
# <details><summary>1. A linear autoencoder reaches the error of the principal components. Are its directions theirs?</summary>
#
# No: it spans the same plane. Turn or stretch the code in the encoder and undo it in the decoder,
# and the loss does not change. Only the plane is fixed by the loss.
# </details>
# <details><summary>2. Why does a denoising autoencoder need no narrow code?</summary>
#
# Copying is not perfect any more: it leaves the noise, $d\,\sigma^2$ of it. To do better, the model
# must know which images are likely.
# </details>
# <details><summary>3. Where does the denoiser stand still?</summary>
#
# Where the score is 0: on the tops of the noisy density, and in its saddles and valleys' floors.
# </details>
# <details><summary>4. What does the L1 penalty do to a feature that stays on?</summary>
#
# It shrinks it: a little less strength costs a little less, so codes come out too small. The
# directions are what one trusts, not the strengths.
# </details>
#
# **Harder, no points.** Train a classifier on the code of ten labelled digits of each class, and
# compare it with raw pixels and with principal components. Or walk uphill: start from noise, take
# small steps along `tweedie_score` of your denoiser, and see what you get. Chapter 05 does it well.
