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
# | **Points** | {points}, in {exercises} exercises |
# | **Time** | two to three hours for you, about twenty seconds for a laptop; no GPU |
#
# {how}

# %% given="setup"
import math
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import Tensor, nn

from course.checks import check
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
# reconstruction, `model(x)` a reconstruction in the shape of `x`. An `Autoencoder` takes events of
# any shape, the `SparseAutoencoder` of Part C flat rows `(B, d)` alone.
#
# ## Part A · A narrow code
#
# ### Exercise 2.1 · How far is a reconstruction from its image?
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

# %% hidden="reconstruction_loss" points=1

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# Four times as many entries, each with about the same error: the loss is four times as large. The
# mean over pixels stays as it was.
# </details>
#
# ### Exercise 2.2 · The best linear autoencoder
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

# %% hidden="principal_components" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# The mean. On these digits the first direction is then the mean image, up to its length: their
# cosine is 0.9999. With step 3 it is 0.006.
# </details>
#
# ## Part B · A noisy input
#
# With a wide code an autoencoder could copy its input, and learn nothing. So spoil the input, and
# ask for what it was before.
#
# ### Exercise 2.3 · Gaussian corruption
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

# %% hidden="gaussian_noise" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# $64\cdot 0.5^2 = 16$: each entry's noise has a squared size of $\sigma^2$ on average, and they add
# up.
# </details>
#
# ### Exercise 2.4 · Masking corruption
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

# %% hidden="masking_noise" points=1

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# Not from the pixel itself: 3 % of these digits' pixels are exactly 0 without any noise. Only what
# stands around it can tell.
# </details>
#
# ### Exercise 2.5 · The denoising loss
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

# %% hidden="denoising_loss" points=1

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# A copier's error is the noise, $d\,\sigma^2$ on average: 16 for 64 pixels and $\sigma=0.5$. With
# the target $\tilde x$ it would score 0, which is the best there is, and know nothing of images.
# </details>
#
# ### Exercise 2.6 · The best denoiser there is
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

# %% hidden="gaussian_denoiser" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# It keeps $4/(4+1) = 0.8$ of the distance to the mean along the first axis, and $0.01/(0.01+1)$,
# one hundredth, along the second.
# </details>
#
# ### Exercise 2.7 · What a denoiser knows of the density
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

# %% hidden="tweedie_score" points=1

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# Nothing. Both sides draw equally hard, so the best guess is the middle itself, and the score there
# is 0. Yet it is no peak if the clusters lie far apart.
# </details>
#
# ## Part C · A sparse code
#
# ### Exercise 2.8 · A price on the code
#
# *difficulty 2 of 5 · importance 5 of 5 · 15 minutes*
#
# Let the code be wide, and let each entry that is on cost something:
#
# $$L = \frac1B\sum_i \lVert x_i-\hat x_i\rVert^2 \;+\; \lambda\,\frac1B\sum_i\sum_{k=1}^{K}\lvert z_{ik}\rvert .$$
#
# 1. Encode `x` with the method `encode`: any model with `encode` and `decode` will do, an
#    `Autoencoder` of images or a `SparseAutoencoder` of flat rows. Decode the code.
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

# %% hidden="sparse_loss" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# $\lvert z\rvert$. It draws with the same force $\lambda$ however small $z$ is, and an entry that
# gains less than this from being on ends at 0. The force of $z^2$ fades with $z$: entries become
# small, not 0.
# </details>
#
# ### Exercise 2.9 · Were the true directions found?
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

# %% hidden="mean_max_cosine" points=1

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# In 3 dimensions 0.998: a thousand directions leave no room for one to be far from all. In 100
# dimensions 0.32. So a large number says little in few dimensions; compare it with random
# directions.
# </details>
#
# ### Exercise 2.10 · Hold a feature fast
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

# %% hidden="clamp_feature" points=1

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# $x$ itself: $z'=z$, and both decoded codes cancel. Without the bracket it is $x$'s reconstruction,
# with all its errors.
# </details>
#
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
