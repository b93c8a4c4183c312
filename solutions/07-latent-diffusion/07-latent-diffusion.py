# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 07 · Latent diffusion
#
# {launch}
#
# A picture with sixteen times as many pixels seldom has sixteen times as much in it, but a diffusion on
# its pixels costs at least sixteen times as much. So an autoencoder makes the picture small first, the diffusion
# learns the small ones, and a decoder makes them large again. The diffusion is that of chapter 06, not a
# line changed. All that is new stands between it and the pixels, and here you write it.
#
# - **Part A, the bill.** What a convolution and what attention cost, counted to the last product.
# - **Part B, the first stage.** Its loss, its latents, and the one number that suits them to a noise schedule.
# - **Part C, the second stage.** Training on latents, and the way from noise to a picture.
#
# At the end two small networks of yours draw digits of 32 by 32 pixels, from noise of 4 by 4.
#
# | | |
# |---|---|
# | **Needs** | chapters 03, 06 and 07 of the book, PyTorch's basics |
# | **Points** | {points}, in seven exercises |
# | **Time** | two hours for you, about forty seconds for a laptop; no GPU |
#
# **How it works.** Replace each `raise NotImplementedError` by your code. Run the check cell below
# it: it prints nothing when all is well, and names the likely mistake when not. A second, hidden
# check runs when you hand in: other inputs, other shapes. To run all visible checks at once, type
# `make check NOTEBOOK=07`, or `python -m course check 07` in JupyterLab's own terminal.

# %% given="setup"
import math
from collections.abc import Sequence
from itertools import pairwise
from types import SimpleNamespace

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.distributions import Normal, kl_divergence
from torch.testing import assert_close
from torch.utils.flop_counter import FlopCounterMode

from dgm.autoencoder import reconstruction_loss
from dgm.data.batches import minibatches
from dgm.data import load
from dgm.ddim import ddim_times
from dgm.ddpm import ddim_sample, ddpm_loss, ddpm_sample
from dgm.distributions import kl_standard_normal, reparameterize
from dgm.evaluate import frechet_distance
from dgm.latent import AT_ONCE, FirstStage, Stage, check_scale
from dgm.sampling import Model
from dgm.schedule import NoiseSchedule
from dgm.nn.self_attention import Attention
from dgm.nn.unet import UNet

torch.manual_seed(0)
torch.set_num_threads(1)  # networks this small gain nothing from more

# %% [markdown]
# ## Part A · The bill
#
# What a network costs is told in **multiply-accumulates** (MACs): a product of two numbers, and its addition
# to a sum. All the work of a matrix product is of this kind. Biases, norms and activations are few beside it
# and are left out. Some tools print FLOPs: two for each MAC.
#
# ### Exercise 1 · A convolution
#
# *difficulty 1 of 5 · importance 3 of 5 · 10 minutes*
#
# `nn.Conv2d` turns $(B, C_{in}, H, W)$ into $(B, C_{out}, H', W')$. Each number of its result is one sum, over
# all input channels and the whole kernel of $k$ by $k$. How often the kernel lands from top to bottom is
#
# $$H' = \Bigl\lfloor\frac{H + 2\,\text{padding} - k}{\text{stride}}\Bigr\rfloor + 1 ,$$
#
# and from left to right likewise.
#
# 1. $H'$ and $W'$. The pictures need not be square.
# 2. How many numbers the result has, times the products in each of them.
#
# *Predict first:* twice as many pixels on each side, and twice as many channels going in and coming out. By
# what does the cost grow?
#
# <details><summary>Hint 1</summary>
#
# The cost asks for the *result's* height and width, the weights only for the kernel's.
# </details>
# <details><summary>Hint 2</summary>
#
# `//` divides and rounds down, in one step.
# </details>

# %% answer="conv_macs"
from dgm.nn.cost import conv_macs  # exercise

# %% check="conv_macs" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)


def pick(low, high):
    """A whole number from low to high."""
    return int(torch.randint(low, high + 1, (1,), generator=g))


for batch, kernel, stride, padding in (
    (1, 4, 1, 0),
    (3, 1, 1, 0),
    (3, 3, 1, 1),
    (2, 3, 3, 0),
    (2, 4, 3, 1),
):
    channels, out, h = pick(3, 5), pick(6, 9), 3 * pick(3, 4) + kernel + padding + 1
    shape = (batch, channels, h, h + 3 * pick(1, 2))
    said = f"shape {shape}, {out} channels out, kernel {kernel}, stride {stride}, padding {padding}"
    weight = torch.ones(out, channels, kernel, kernel)
    result = nn.functional.conv2d(torch.ones(shape), weight, None, stride, padding)
    sums, w = result.numel(), shape[3]
    new_h, new_w = result.shape[2:]
    wanted = sums * weight[0].numel()
    got = (
        conv_macs(shape, out, kernel)
        if stride == 1 and padding == 0
        else conv_macs(shape, out, kernel, stride, padding)
    )
    assert got is not None, "conv_macs returned None: did you forget `return`?"
    got = torch.as_tensor(got, dtype=torch.float64)
    assert got.numel() == 1, f"one number is wanted, got shape {tuple(got.shape)}"
    if got.item() != wanted:
        each = batch * out * channels * kernel**2

        def size(n, kernel=kernel, stride=stride, padding=padding):
            return (n + 2 * padding - kernel) / stride + 1

        for mistake, value in (
            ("these are FLOPs; a product and its addition are one multiply-accumulate", 2 * wanted),
            ("a kernel has k times k numbers in each channel: its square is wanted", wanted / kernel),
            ("this is one image's cost; the batch has more", wanted / batch),
            ("each number of the result is a sum over all input channels too", wanted / channels),
            ("the result has out_channels channels, and each costs as much", wanted / out),
            ("this is the size of the result; how many products are in each of its numbers?", sums),
            ("this counts the weights; each is used again at each place", weight.numel()),
            ("this counts the weights; each is used again at each place", weight.numel() * batch),
            ("input and output channels are multiplied, not added", wanted // (channels * out) * (channels + out)),
            ("channels stand second in shape: (B, C, H, W)", batch * channels * out * kernel**2 * w * int(size(shape[1])) * int(size(h)) // channels),
            ("out_channels is not used", wanted / out * channels),
            ("the bias is left out of the bill", wanted + sums),
            ("one product fewer than there are: the first one is added too, to zero", wanted - sums),
            ("pictures need not be square: height and width differ", each * new_h**2),
            ("pictures need not be square: height and width differ", each * new_w**2),
            ("stride is not used", each * int(size(h, stride=1)) * int(size(w, stride=1))),
            ("the stride is the same in both directions: it makes H' and W' smaller", each * new_h * int(size(w, stride=1))),
            ("padding is not used", each * math.prod(math.floor(size(n, padding=0)) for n in (h, w))),
            ("padding stands on both sides: twice", each * math.prod(math.floor(size(n, padding=padding / 2)) for n in (h, w))),
            ("this takes the result to be as large as the input: the kernel does not land that often", each * h * w),
            ("H' is not H over the stride: kernel and padding have their say", each * (h // stride) * (w // stride)),
            ("round down: a kernel that hangs over the edge does not land", each * math.ceil(size(h)) * math.ceil(size(w))),
            ("the padding is an argument, not what keeps the size", each * ((h - 1) // stride + 1) * ((w - 1) // stride + 1)),
            ("H' lacks its + 1: the kernel lands at the start too", each * (new_h - 1) * (new_w - 1)),
            ("the + 1 comes after the division and the rounding", each * math.prod(math.floor(size(n) - 1 + 1 / stride) for n in (h, w))),
            ("H' is a whole number: round the division down", each * size(h) * size(w)),
        ):  # fmt: skip
            assert abs(got.item() - value) > 1e-6 * wanted, f"{said}: {mistake}"
        raise AssertionError(
            f"{said}: the result has shape {tuple(result.shape)}, so it is {wanted}; got {got.item():.10g}"
        )


# %% hidden="conv_macs" points=1
# Hidden check, 1 point: other shapes, kernels, strides and paddings.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for _ in range(12):
    batch, channels, out, kernel, stride, padding = (
        int(torch.randint(low, high, (1,), generator=g))
        for low, high in ((1, 4), (1, 9), (1, 9), (1, 6), (1, 5), (0, 4))
    )
    h, w = torch.randint(6, 40, (2,), generator=g).tolist()
    weight = torch.zeros(out, channels, kernel, kernel)
    result = nn.functional.conv2d(torch.zeros(batch, channels, h, w), weight, None, stride, padding)
    got = conv_macs((batch, channels, h, w), out, kernel, stride, padding)
    assert got is not None and torch.as_tensor(got).numel() == 1, "one number"
    assert float(got) == result.numel() * weight[0].numel(), (
        f"wrong for {(batch, channels, h, w)}, {out} channels, kernel {kernel}, stride {stride}, padding {padding}"
    )

# %% [markdown]
# ### Exercise 2 · Attention
#
# *difficulty 2 of 5 · importance 3 of 5 · 15 minutes*
#
# In `dgm.nn.self_attention.Attention` every pixel reads from every other one of its image. With $N = H\,W$ pixels of $C$
# channels, one image goes through these products of matrices:
#
# | what | from | times | to |
# |---|---|---|---|
# | queries, keys, values | $N\times C$ | $C\times 3C$ | $N\times 3C$ |
# | a score for each pair of pixels | $N\times C$ | $C\times N$ | $N\times N$ |
# | what each pixel reads | $N\times N$ | $N\times C$ | $N\times C$ |
# | what comes out | $N\times C$ | $C\times C$ | $N\times C$ |
#
# Add up what they cost, for all $B$ images. A product of $n\times k$ with $k\times m$ takes $n\,k\,m$
# multiply-accumulates. The softmax is left out.
#
# *Predict first:* twice as many pixels on each side. By what does the cost grow when the picture is small, by
# what when it is large? And if the $C$ channels are shared out to four heads?
#
# <details><summary>Hint 1</summary>
#
# Two of the four rows grow with $N$, two with $N^2$.
# </details>
# <details><summary>Hint 2</summary>
#
# Images of a batch do not see each other: count one, and multiply at the end.
# </details>

# %% answer="attention_macs"
from dgm.nn.cost import attention_macs  # exercise

# %% check="attention_macs" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
for batch in (1, 3):
    B, C = batch, int(torch.randint(5, 9, (1,), generator=g))
    H = int(torch.randint(3, 5, (1,), generator=g))
    shape = (B, C, H, H + int(torch.randint(2, 4, (1,), generator=g)))
    N = H * shape[3]
    table = (((N, C), (C, 3 * C)), ((N, C), (C, N)), ((N, N), (N, C)), ((N, C), (C, C)))
    wanted = B * sum(n * k * m for (n, k), (_, m) in table)
    got = attention_macs(shape)
    assert got is not None, "attention_macs returned None: did you forget `return`?"
    got = torch.as_tensor(got, dtype=torch.float64)
    assert got.numel() == 1, f"one number is wanted, got shape {tuple(got.shape)}"
    if got.item() != wanted:
        scores, matrix = N**2 * C, N * C**2  # one product of each kind
        for mistake, value in (
            ("these are FLOPs; a product and its addition are one multiply-accumulate", 2 * wanted),
            ("this is one image's cost; the batch has more", wanted / B),
            ("the images of a batch do not see each other: no pairs between them", 4 * B * matrix + 2 * B**2 * scores),
            ("this is linear in the pixels; each reads from each, so there are N times N pairs", B * (4 * matrix + 2 * N * C)),
            ("the last matrix, C by C, is missing", wanted - B * matrix),
            ("queries, keys and values are missing: C by 3C", wanted - 3 * B * matrix),
            ("queries, keys and values are three, not one: C by 3C", wanted - 2 * B * matrix),
            ("the weighted sums of the values are missing; they cost as much as the scores", wanted - B * scores),
            ("the scores and the weighted sums are missing: N times N pairs, twice", 4 * B * matrix),
            ("the projections are missing: C by 3C before, C by C after", 2 * B * scores),
            ("a score is a sum over C channels, not one product", B * (4 * matrix + N**2 + scores)),
            ("a pair of pixels costs C products, once for its score and once for what is read", B * (4 * matrix + 2 * N**2)),
            ("N is the number of pixels, H times W, not H", B * (4 * H * C**2 + 2 * H**2 * C)),
            ("N is the number of pixels, H times W; pictures need not be square", B * (4 * H**2 * C**2 + 2 * H**4 * C)),
            ("the projections are made for each pixel", B * (4 * C**2 + 2 * scores)),
            ("a matrix of C by C costs C^2 for each pixel, not C", B * (4 * N * C + 2 * scores)),
            ("pixels attend to pixels: N^2 C, not C^2 N", 6 * B * matrix),
            ("the softmax is left out of the bill", wanted + B * N**2),
            ("heads share out the channels: together they cost what one does", B * (4 * matrix + 8 * scores)),
            ("the score of (i, j) is not that of (j, i): all N times N are computed", wanted - B * (scores - N * (N + 1) // 2 * C)),
            ("channels stand second in shape: (B, C, H, W)", B * (4 * C * H * shape[3] ** 2 + 2 * (C * H) ** 2 * shape[3])),
        ):  # fmt: skip
            assert got.item() != value, f"shape {shape}: {mistake}"
        raise AssertionError(
            f"shape {shape}: the four rows of the table make {wanted}, got {got.item():.10g}"
        )


# %% hidden="attention_macs" points=1
# Hidden check, 1 point: other shapes, one pixel, large pictures, and the layer itself.
SEED = 0
g = torch.Generator().manual_seed(SEED)


def cost(n, k, m):
    return n * k * m


for shape in (
    (1, 1, 1, 1),
    (5, 7, 1, 1),
    (1, 64, 64, 64),
    (2, 320, 3, 50),
    *[tuple(torch.randint(1, 30, (4,), generator=g).tolist()) for _ in range(8)],
):
    B, C, H, W = shape
    N = H * W
    wanted = B * (cost(N, C, 3 * C) + cost(N, C, N) + cost(N, N, C) + cost(N, C, C))
    got = attention_macs(shape)
    assert got is not None and torch.as_tensor(got).numel() == 1, "one number"
    assert float(got) == wanted, f"wrong for shape {shape}"

# %% [markdown]
# The layer itself, as PyTorch counts it, beside your numbers. Then the bill against the side of the picture: from
# which side on is attention dearer than a convolution? Where would Stable Diffusion's 512 pixels be, where are its
# latents of 64?

# %% demo=true
with FlopCounterMode(display=False) as counter, torch.no_grad():
    Attention(32)(torch.zeros(2, 32, 8, 8))
print(f"PyTorch {counter.get_total_flops() / 2:,.0f}, you {attention_macs((2, 32, 8, 8)):,.0f}")
sides = [4, 8, 16, 32, 64, 128, 256, 512]
plt.figure(figsize=(6, 3.5))
plt.loglog(sides, [conv_macs((1, 64, n, n), 64, 3, 1, 1) for n in sides], "o-", label="convolution")
plt.loglog(sides, [attention_macs((1, 64, n, n)) for n in sides], "s-", label="attention")
plt.xticks(sides, [str(n) for n in sides])
plt.minorticks_off()
plt.xlabel("side of the picture, 64 channels")
plt.ylabel("multiply-accumulates")
plt.legend()
plt.show()

# %% [markdown]
# ## Part B · The first stage
#
# A first stage is anything with two methods, and nothing else of it may be used here:
#
# - `first_stage.encode(x)` gives a pair: the means `mu` and the log-variances `logvar` of the codes, each $(B, \dots)$;
# - `first_stage.decode(z)` makes images of codes.
#
# Three functions of chapters 02 and 03 are given, and you need not use them. `reparameterize(mu, logvar, eps)` is
# $\mu+\sigma\varepsilon$. `reconstruction_loss(x, x_hat)` is the squared error, summed over an image and averaged over the batch.
# `kl_standard_normal(mu, logvar)` is the KL of exercises 03, one number for each row.
#
# ### Exercise 3 · Its loss
#
# *difficulty 2 of 5 · importance 4 of 5 · 20 minutes*
#
# A VAE with other weights. The error has all the say, and the KL no more than it takes to keep the codes from
# running off:
#
# $$\mathcal L=\frac1B\sum_{i=1}^B\Bigl[\;\lVert x_i-D(z_i)\rVert^2+\lambda\,\mathrm{KL}\bigl(q(z|x_i)\,\Vert\,\mathcal N(0,I)\bigr)\Bigr],
# \qquad z_i=\mu_i+\sigma_i\,\varepsilon_i .$$
#
# 1. Encode. `logvar` is $\log\sigma^2$.
# 2. **One** $z_i$ for each image, with noise $\varepsilon$ of the shape and dtype of `mu`, from `generator`.
# 3. Both terms are **sums** over an image, or over its code, and **means** over the batch. $\lambda$ is `kl_weight`.
#    The KL is the one in closed form, not a draw of it. No ½ stands before the error.
#
# *Predict first:* with $\lambda=0$, what does training do to $\sigma$? And then, what to the size of $\mu$?
#
# <details><summary>Hint 1</summary>
#
# `torch.randn(…, generator=generator, dtype=…)`. (`randn_like` takes no generator.)
# </details>
# <details><summary>Hint 2</summary>
#
# $\mathrm{KL}=\frac12\sum_j(\mu_j^2+\sigma_j^2-1-\log\sigma_j^2)$ for each image.
# </details>

# %% answer="first_stage_loss"
from dgm.latent import first_stage_loss  # exercise

# %% check="first_stage_loss" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
n, D, K = 20, (2, 3, 2), (3, 2, 2)  # images of 12 entries, codes of 12
maps = [0.4 * torch.randn(12, 12, generator=g, dtype=torch.float64) for _ in range(3)]
to_mu, to_logvar, back = maps
for m in maps:
    m.requires_grad_()
shown, seen = [], []


def codes(x):
    flat = x.flatten(1)
    mu = 0.5 + flat @ to_mu.to(x.dtype)
    return mu.view(-1, *K), (0.3 * flat @ to_logvar.to(x.dtype) - 1.5).view(-1, *K)


def images(z):
    return (z.flatten(1) @ back.to(z.dtype)).view(-1, *D)


def encode(x):  # keeps what it is shown
    shown.append(x.detach().clone())
    return codes(x)


def decode(z):
    seen.append(z.detach().clone())
    return images(z)


def normal(e):
    """Whether e could be draws of N(0, 1), by mean and variance: six and seven standard errors."""
    return bool(e.mean().abs() < 6 / math.sqrt(e.numel())) and bool(
        (e.var() - 1).abs() < 7 * math.sqrt(2 / e.numel())
    )


stage = nn.Module()
stage.encode, stage.decode = encode, decode
x = 2 * torch.rand(n, *D, generator=g, dtype=torch.float64) - 1
before, noises, drawn = x.clone(), [], []
mu, logvar = (a.detach() for a in codes(x))
for weight in (2.0, None, 0.0):
    shown.clear()
    seen.clear()
    said = "without kl_weight (0.001)" if weight is None else f"with kl_weight {weight}"
    options = {} if weight is None else {"kl_weight": weight}
    lam = 1e-3 if weight is None else weight
    loss = first_stage_loss(stage, x, generator=g, **options)
    assert loss is not None, "first_stage_loss returned None: did you forget `return`?"
    assert torch.is_tensor(loss) and loss.requires_grad, (
        "nothing can be trained on this: one tensor with its graph is wanted, no pair, no .item(), no no_grad"
    )
    assert loss.numel() == 1, (
        f"one number is wanted, got shape {tuple(loss.shape)}: take the mean over the batch"
    )
    assert torch.equal(x, before), "first_stage_loss has changed the x it was given"
    assert shown, "first_stage.encode was never called"
    assert torch.cat(shown).shape == x.shape and torch.equal(torch.cat(shown), x), (
        "the encoder was shown something other than x: the noise belongs on the code, not on the image"
    )
    assert seen, "first_stage.decode was never called"
    z = torch.cat(seen)
    assert z.shape == mu.shape, (
        f"the decoder was handed codes of shape {tuple(z.shape)}, wanted {tuple(mu.shape)}: one z for each image"
    )
    eps = (z - mu) / (logvar / 2).exp()  # the noise that you used, if z is right
    noises.append(eps)
    drawn.append(z)
    m, v = codes(x)
    gap = x - images(m + (v / 2).exp() * eps)
    pull = kl_divergence(Normal(m, (v / 2).exp()), Normal(0.0, 1.0))
    E, P = (gap**2).flatten(1).sum(1), pull.flatten(1).sum(1)  # (n,) each
    wanted = (E + lam * P).mean()
    if not torch.allclose(loss.double(), wanted, rtol=1e-6):
        other = {  # other things that people take for the KL
            "the 1 of the KL is missing": P + 6,
            "logvar is the logarithm of the variance; here it was taken for that of sigma": ((m**2 + (2 * v).exp() - 1 - 2 * v) / 2).flatten(1).sum(1),
            "the KL has four terms, not the mean's alone": (m**2 / 2).flatten(1).sum(1),
            "the KL is that of q from the standard normal; this is the other way round": ((v - 1 + (1 + m**2) * (-v).exp()) / 2).flatten(1).sum(1),
            "mu and logvar have changed places: encode gives mu first": kl_divergence(Normal(v, (m / 2).exp()), Normal(0.0, 1.0)).flatten(1).sum(1),
            "this is z squared; the KL is a function of mu and logvar": (z**2 / 2).flatten(1).sum(1),
            "this is a draw of the KL, log q(z|x) - log p(z); its closed form is wanted": ((z**2 - eps**2 - v) / 2).flatten(1).sum(1),
        }  # fmt: skip
        for mistake, value in (
            ("the sum over the batch; its mean is wanted", wanted * n),
            ("one image alone; the mean over the batch is wanted", E[0] + lam * P.mean()),
            ("the squared error is a mean over the pixels; their sum is wanted", E.mean() / 12 + lam * P.mean()),
            ("means over the entries; sums over image and code are wanted", wanted / 12),
            ("half of the squared error; no half stands before it here", E.mean() / 2 + lam * P.mean()),
            ("the square of the distance is wanted, not the distance", (E.sqrt() + lam * P).mean()),
            ("absolute errors; squares are wanted", gap.abs().flatten(1).sum(1).mean() + lam * P.mean()),
            ("kl_weight stands before the error too", lam * (E + P).mean()),
            ("kl_weight stands before the error, not before the KL", (lam * E + P).mean()),
            ("kl_weight is not used", (E + P).mean()),
            ("the error has no weight; 1 - kl_weight is not it", ((1 - lam) * E + lam * P).mean()),
            ("kl_weight is an argument; 0.001 is only its default", (E + 1e-3 * P).mean()),
            ("the KL is missing", E.mean()),
            ("kl_weight is in it twice", (E + lam**2 * P).mean()),
            ("the KL is subtracted; it is added to a loss, and it is 0 or more", (E - lam * P).mean()),
            ("the KL is twice too large: its half is missing", (E + 2 * lam * P).mean()),
            ("the KL is a mean over the entries of the code; their sum is wanted", (E + lam * P / 12).mean()),
            ("the KL is summed over the batch; its mean is wanted", (E + n * lam * P).mean()),
            ("the KL is summed over the channels alone; sum over the whole code", (E + lam * P / 4).mean()),
            *((mistake, (E + lam * p).mean()) for mistake, p in other.items()),
        ):  # fmt: skip
            assert not torch.allclose(loss.double(), value, rtol=1e-6), f"{said}: {mistake}"
        raise AssertionError(
            f"{said}, and with what your decoder was handed, it should be {wanted.item():.5f} "
            f"(error {E.mean():.5f}, KL {P.mean():.5f}); got {loss.item():.5f}"
        )
    slopes = torch.autograd.grad(loss, maps, allow_unused=True)
    truth = torch.autograd.grad(wanted, maps, allow_unused=True)
    for name, slope, true in zip(("mu", "logvar", "the decoder"), slopes, truth):
        right = slope is not None and torch.allclose(slope, true, rtol=1e-5, atol=1e-8)
        assert right or not normal(eps), (  # wrong noise is told of below
            f"{said}: the value is right, and the gradient by way of {name} is not. "
            "Is something detached, or under no_grad?"
        )
eps, z = torch.cat(noises), torch.cat(drawn)
assert eps.abs().max() > 1e-9, "the decoder was handed mu, without noise: z = mu + sigma eps"
assert (eps[:n] - eps[:1]).abs().max() > 1e-6, (
    "one noise for the whole batch: draw it in the shape of mu"
)
assert (eps - eps[:, :1, :1, :1]).abs().max() > 1e-6, (
    "one number of noise for each row: draw it in the shape of mu"
)
m, v = (torch.cat([a] * 3) for a in (mu, logvar))
if not normal(eps):
    for mistake, e in (
        ("the variance times the noise; sigma is wanted, exp(logvar / 2)", (z - m) / v.exp()),
        ("logvar itself times the noise; sigma is wanted, exp(logvar / 2)", (z - m) / v),
        ("noise of standard deviation 1; its sigma is exp(logvar / 2)", z - m),
        ("sigma is exp(logvar / 2), with a plus", (z - m) * (v / 2).exp()),
        ("mu is missing: z = mu + sigma eps", z / (v / 2).exp()),
        ("mu and logvar have changed places: encode gives mu first", (z - v) / (m / 2).exp()),
    ):
        assert not normal(e), mistake
    assert not (eps.min() >= 0 and eps.max() <= 1), (
        "rand gives numbers from 0 to 1: randn is normal"
    )
    raise AssertionError(
        f"z should be mu + exp(logvar / 2) eps. Solved for eps it has mean {eps.mean():.3f} "
        f"and variance {eps.var():.3f}, in place of 0 and 1"
    )
two = 0.0455
assert abs((eps.abs() > 2).double().mean() - two) < 6 * math.sqrt(two * (1 - two) / eps.numel()), (
    "the noise should be normal: randn, not a stretched rand"
)
same = [torch.Generator().manual_seed(SEED + 1) for _ in range(2)]
one, again = (first_stage_loss(stage, x[:5], 0.1, s).item() for s in same)
assert one == again, "the same generator state gave another loss: hand generator to all that draws"
assert first_stage_loss(stage, x[:5], 0.1, same[0]).item() != one, (
    "a second call gave the same loss: set no seed inside"
)
seen.clear()
first_stage_loss(stage, x[:3].float(), 0.1, g)
assert seen[0].dtype == torch.float32, (
    f"the codes are float32, and the decoder was handed {seen[0].dtype}: draw noise of mu's dtype"
)


# %% hidden="first_stage_loss" points=2
# Hidden check, 2 points: points and pictures, one row, float32, other weights; then a FirstStage whose codes have
# next to no noise, with its gradients.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for shape, K, dtype, weight in (
    ((25, 5), (4,), torch.float64, 0.5),
    ((1, 2, 3), (6, 2), torch.float64, 1e-3),
    ((20, 3, 2, 4), (2, 1, 3), torch.float32, 3.0),
    ((16, 1, 4, 4), (16,), torch.float64, 0.0),
):
    D, k = math.prod(shape[1:]), math.prod(K)
    nets = [nn.Linear(D, k).to(dtype), nn.Linear(D, k).to(dtype), nn.Linear(k, D).to(dtype)]
    weights = [net.weight for net in nets]
    seen = []

    def codes(x):
        mu, logvar = nets[0](x.flatten(1)), nets[1](x.flatten(1)) + 0.7
        return mu.view(-1, *K), logvar.view(-1, *K)

    def images(z):
        return nets[2](z.flatten(1)).tanh().view(-1, *shape[1:])

    def encode(x):
        return codes(x)

    def decode(z):
        seen.append(z.detach().clone())
        return images(z.to(dtype))

    stage = nn.Module()
    stage.encode, stage.decode = encode, decode
    x = torch.randn(shape, generator=g, dtype=dtype)
    loss = first_stage_loss(stage, x, weight, g)
    assert torch.is_tensor(loss) and loss.numel() == 1 and loss.requires_grad, (
        "one number with its graph"
    )
    assert seen, "the decoder was never called"
    z = torch.cat(seen)
    mu, logvar = codes(x)
    assert z.shape == mu.shape and z.dtype == dtype, "what the decoder is handed"
    eps = ((z - mu) / (logvar / 2).exp()).detach()
    if eps.numel() > 50:
        assert abs(eps.mean()) < 6 / math.sqrt(eps.numel()), "the noise's mean"
        assert abs(eps.var() - 1) < 7 * math.sqrt(2 / eps.numel()), "the noise's variance"
    kl = kl_divergence(Normal(mu, (logvar / 2).exp()), Normal(0.0, 1.0)).flatten(1).sum(1)
    error = (images(mu + (logvar / 2).exp() * eps) - x).square().flatten(1).sum(1)
    wanted = (error + weight * kl).mean()
    loose = 1e-6 if dtype == torch.float64 else 1e-3
    assert_close(
        loss.reshape(()),
        wanted,
        rtol=loose,
        atol=loose,
        check_dtype=False,
        msg=f"x of shape {shape}",
    )
    slopes = torch.autograd.grad(loss, weights, allow_unused=True)
    for slope, true in zip(slopes, torch.autograd.grad(wanted, weights, allow_unused=True)):
        assert slope is not None, "no gradient"
        assert_close(
            slope, true, rtol=100 * loose, atol=100 * loose, msg=f"the gradient, x of shape {shape}"
        )
stage = FirstStage(2, 3, 4, (1,)).double()
with torch.no_grad():  # log-variances of -30: z is mu to the last digits that are looked at
    stage.encoder[-1].weight[3:] = 0
    stage.encoder[-1].bias[3:] = -40
x = torch.rand(4, 2, 6, 8, generator=g, dtype=torch.float64)
mu, logvar = stage.encode(x)
kl = ((mu**2).sum() + mu.numel() * (math.exp(-30) - 1 + 30)) / 2
wanted = ((x - stage.decode(mu)).square().sum() + 0.2 * kl) / 4
got = first_stage_loss(stage, x, 0.2, g)
assert_close(
    got.reshape(()),
    wanted,
    rtol=1e-4,
    atol=1e-4,
    check_dtype=False,
    msg="a convolutional first stage",
)
first = stage.encoder[0].weight
assert_close(
    torch.autograd.grad(got, first)[0], torch.autograd.grad(wanted, first)[0], rtol=1e-3, atol=1e-3,
    msg="its gradient",
)  # fmt: skip
assert torch.isfinite(first_stage_loss(stage, x)), "without weight and generator"

# %% [markdown]
# ### Exercise 4 · Latents
#
# *difficulty 1 of 5 · importance 4 of 5 · 5 minutes*
#
# What the diffusion will take for its data: the **mean** codes, times a number `scale`,
#
# $$z = s\,\mu(x) .$$
#
# No noise is added: $\sigma$ is small, and the diffusion brings noise of its own. (The line above
# `def` says that no graph is kept. Where thousands of images would not fit into memory at once, encode `AT_ONCE` of
# them at a time, and put the parts together; a check does not ask for it.)
#
# *Predict first:* which shape has $z$ for 100 pictures of 28 by 28, with four channels and two halvings?
#
# <details><summary>Hint 1</summary>
#
# `encode` gives a pair.
# </details>
# <details><summary>Hint 2</summary>
#
# `x.split(AT_ONCE)` cuts a batch into parts, `torch.cat` puts parts together.
# </details>

# %% answer="encode_latents"
from dgm.latent import encode_latents  # exercise

# %% check="encode_latents" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
mix = torch.randn(12, 8, generator=g, dtype=torch.float64, requires_grad=True)


def encode(x):
    mu = x.flatten(1) @ mix.to(x.dtype)
    return mu.view(-1, 2, 2, 2) + 1, (mu.detach() / 5 + 0.5).view(-1, 2, 2, 2)


stage = nn.Module()
stage.encode = encode
x = torch.randn(7, 3, 2, 2, generator=g, dtype=torch.float64)
before = x.clone()
mu, logvar = (a.detach() for a in encode(x))
for scale in (0.3, 2.5):
    got = encode_latents(stage, x, scale)
    assert got is not None, "encode_latents returned None: did you forget `return`?"
    assert torch.is_tensor(got), f"one tensor of latents is wanted, not a {type(got).__name__}"
    assert torch.equal(x, before), "encode_latents has changed the x it was given"
    assert got.shape == mu.shape, (
        f"codes of shape {tuple(mu.shape)} give latents of that shape, got {tuple(got.shape)}"
    )
    assert not got.requires_grad, "the latents have a graph: nothing is to be trained through them"
    if not torch.allclose(got.double(), scale * mu, rtol=1e-5):
        for mistake, value in (
            ("divided by the scale; to be multiplied with it", mu / scale),
            ("these are the codes; the scale is not used", mu),
            ("these are the log-variances; the means come first in the pair", scale * logvar),
            ("the scale is in it twice", scale**2 * mu),
            ("the scale is meant for the code, not for the image", encode(scale * x)[0].detach()),
            ("no mean is taken off: the latents are the codes times the scale", scale * (mu - mu.mean())),
            ("the scale is an argument; here the latents are divided by their own deviation", mu / mu.std()),
            ("the scale is an argument; here the latents are divided by their own deviation", mu / mu.std(correction=0)),
            ("the scale is an argument; here the latents are standardised", (mu - mu.mean()) / mu.std()),
            ("nothing is clipped: latents may be any numbers", (scale * mu).clamp(-1, 1)),
            ("the scale multiplies, it is not added", mu + scale),
            ("nothing squeezes latents: they may be any numbers", (scale * mu).tanh()),
        ):  # fmt: skip
            assert not torch.allclose(got.double(), value, rtol=1e-5), f"scale {scale}: {mistake}"
        noise = (got / scale - mu) / (logvar / 2).exp()
        again = encode_latents(stage, x, scale)
        assert torch.equal(got, again), (
            "a second call gave other latents: the mean codes are wanted, not draws"
        )
        raise AssertionError(
            f"scale {scale}: the first entries should be {(scale * mu)[0, 0, 0].tolist()}, got {got[0, 0, 0].tolist()}. "
            f"Is noise in it? (By {noise.abs().mean():.2g} sigma it is off.)"
        )
got = encode_latents(stage, x.float(), 2.0)
assert got.dtype == torch.float32, f"x is float32 and its codes too, the latents are {got.dtype}"


# %% hidden="encode_latents" points=1
# Hidden check, 1 point: points and pictures, one row, thousands of rows, float32, a FirstStage.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for shape, dtype, scale in (
    ((2500, 1, 4, 6), torch.float64, 0.7),
    ((1, 2, 8, 4), torch.float32, 12.0),
    ((1001, 3, 4, 2), torch.float64, 0.04),
):
    stage = FirstStage(shape[1], 2, 4, (1,)).to(dtype)
    x = torch.randn(shape, generator=g, dtype=dtype)
    got = encode_latents(stage, x, scale)
    assert torch.is_tensor(got) and not got.requires_grad, "a tensor without a graph"
    wanted = scale * stage.encode(x)[0].detach()
    assert got.shape == wanted.shape, f"the shape, for x of shape {shape}"
    assert_close(got, wanted, rtol=1e-4, atol=1e-5, msg=f"wrong for x of shape {shape}")
flat = nn.Module()
flat.encode = lambda x: (3 * x - 2, 0 * x)
x = torch.randn(5, 4, generator=g, dtype=torch.float64)
assert_close(encode_latents(flat, x, 0.5), 1.5 * x - 1, check_dtype=False, msg="points")

# %% [markdown]
# ### Exercise 5 · The scale
#
# *difficulty 2 of 5 · importance 5 of 5 · 10 minutes*
#
# A noise schedule is made for data of variance 1: that is how it knows when noise and signal are equally strong.
# Nobody has told that to the codes. So
#
# $$s=\frac1{\hat\sigma},\qquad \hat\sigma^2=\text{the mean of }(z-\bar z)^2\text{ over \emph{all} entries }z
# \text{ of the mean codes of \emph{all} images},$$
#
# where $\bar z$ is the mean of the same entries. That is **one** number for all channels and places. (Whether you divide by the
# number of entries or by one less is the same to the check.)
#
# You may call your `encode_latents`, or `first_stage.encode` itself.
#
# *Predict first:* somebody trains a first stage, then multiplies the last layer of its encoder by 10, and makes up for it in the first
# of its decoder. What becomes of the reconstructions, of $s$, of $s\,\mu(x)$?
#
# <details><summary>Hint 1</summary>
#
# `torch.std` of a tensor without a `dim` looks at all of its entries.
# </details>
# <details><summary>Hint 2</summary>
#
# In double precision, and as a Python number: `.double()`, `.item()`.
# </details>

# %% answer="latent_scale"
from dgm.latent import latent_scale  # exercise

# %% check="latent_scale" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
size = torch.tensor([0.5, 2.0, 5.0], dtype=torch.float64).view(1, 3, 1, 1)
centre = torch.tensor([4.0, 5.0, 9.0], dtype=torch.float64).view(1, 3, 1, 1)


def encode(x):  # from (B, 3, 2, 4) to codes of that shape; log-variances of 3 and more
    return size * x + centre, 3 + x**2


stage = nn.Module()
stage.encode = encode
x = torch.randn(30, 3, 2, 4, generator=g, dtype=torch.float64)
x = x * (0.5 + torch.arange(30, dtype=torch.float64).view(-1, 1, 1, 1) / 15)  # pictures differ
mu, logvar = encode(x)
sigma = mu.std(correction=0).item()
random = torch.get_rng_state()
got = latent_scale(stage, x)
assert got is not None, "latent_scale returned None: did you forget `return`?"
got = torch.as_tensor(got, dtype=torch.float64).detach()
assert got.numel() == 1, f"one number for all channels and places, got shape {tuple(got.shape)}"
got = got.item()


def near(value, loose=1e-6):
    return abs(got - float(value)) < loose * abs(float(value))


if not near(1 / sigma) and not near(1 / mu.std().item()):
    for mistake, value in (
        ("this is sigma; the scale is 1 / sigma", sigma),
        ("this is the variance; the scale is 1 over its root", sigma**2),
        ("1 over the variance; 1 over its root is wanted", 1 / sigma**2),
        ("the scale of the images; that of their codes is wanted", 1 / x.std(correction=0)),
        ("the scale of the log-variances; the means come first in the pair", 1 / logvar.std(correction=0)),
        ("the scale of the pair; its means alone are wanted", 1 / torch.stack([mu, logvar]).std(correction=0)),
        ("the mean of the codes has to be taken off before the square", 1 / mu.square().mean().sqrt()),
        ("1 over the mean of the codes; over their standard deviation is wanted", 1 / mu.mean()),
        ("1 over the largest code; over their standard deviation is wanted", 1 / mu.abs().max()),
        ("1 over a mean absolute value; over the standard deviation is wanted", 1 / mu.abs().mean()),
        ("1 over a mean absolute deviation; over the standard deviation is wanted", 1 / (mu - mu.mean()).abs().mean()),
        ("this takes sigma from logvar; what counts is how the mean codes are spread", 1 / (logvar / 2).exp().mean()),
        ("this takes sigma from logvar; what counts is how the mean codes are spread", (-logvar / 2).exp().mean()),
        ("1 over the range of the codes; over their standard deviation is wanted", 1 / (mu.max() - mu.min())),
        ("the first picture alone; all are wanted", 1 / mu[0].std(correction=0)),
        ("the first picture alone; all are wanted", 1 / mu[0].std()),
        ("sigma is a root already: no second one", sigma**-0.5),
        ("the codes' own noise is no part of it: the mean codes alone", (mu.var() + logvar.exp().mean()).rsqrt()),
        ("0.18215 is the scale of Stable Diffusion's first stage; this is another one", 0.18215),
    ):  # fmt: skip
        assert not near(value, 3e-3), mistake
    for dims, what in (
        ((0, 2, 3), "each channel"),
        ((0,), "each place of the code"),
        ((1,), "the channels of each place"),
        ((2, 3), "each channel of each picture"),
        ((1, 2, 3), "each picture"),
    ):
        for std in (mu.std(dims), mu.std(dims, correction=0)):
            for value in (1 / std.mean(), (1 / std).mean(), 1 / std.square().mean().sqrt()):
                assert not near(value, 3e-3), (
                    f"a deviation for {what}, and then a mean: take the deviation of all entries at once"
                )
    assert torch.equal(torch.get_rng_state(), random), (
        "something was drawn: the mean codes are wanted, without noise"
    )
    raise AssertionError(
        f"the mean codes have standard deviation {sigma:.5f}, so {1 / sigma:.5f} is wanted; got {got:.5f}"
    )


# %% hidden="latent_scale" points=2
# Hidden check, 2 points: points, one channel, one picture, thousands of pictures that are not alike, float32.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
flat = nn.Module()
flat.encode = lambda x: (7 * x + 3, 2 * x)
narrow = FirstStage(1, 1, 4, (1,))
wide = FirstStage(2, 3, 4, (1,)).double()
steps = torch.linspace(0.2, 5, 2200, dtype=torch.float64).view(-1, 1, 1, 1)
for name, stage, x in (
    ("points", flat, torch.randn(40, 5, generator=g, dtype=torch.float64)),
    ("one channel, float32", narrow, torch.randn(60, 1, 8, 6, generator=g)),
    ("one picture", wide, torch.randn(1, 2, 20, 20, generator=g, dtype=torch.float64)),
    ("2200 pictures", wide, steps * torch.randn(2200, 2, 4, 2, generator=g, dtype=torch.float64) + steps),
):  # fmt: skip
    mu = stage.encode(x)[0].detach().double()
    got = latent_scale(stage, x)
    assert got is not None and torch.as_tensor(got).numel() == 1, "one number"
    off = [abs(float(got) * mu.std(correction=c).item() - 1) for c in (0, 1)]
    assert min(off) < (1e-3 if x.dtype == torch.float32 else 1e-6), f"wrong for {name}"

# %% [markdown]
# ## Part C · The second stage
#
# ### Exercise 6 · Training on latents
#
# *difficulty 2 of 5 · importance 5 of 5 · 10 minutes*
#
# The loss of DDPM, with latents in the place of pictures:
#
# $$\mathcal L=\mathbb E_{t,\varepsilon}\,\bigl\lVert\,\varepsilon-\text{model}(\sqrt{\bar\alpha_t}\,z+\sqrt{1-\bar\alpha_t}\,\varepsilon,\;t)\bigr\rVert^2,
# \qquad z=s\,\mu(x).$$
#
# `ddpm_loss(model, x0, schedule, generator, predicts=…)` of exercises 06 is given. It draws a step for each row,
# then the noise, and takes the mean over all entries.
#
# 1. The latents of `x`, scaled. (Your `encode_latents`, if you like. If it is wrong, this will be too.)
# 2. Noise is added to the *latents*, never to the pictures.
# 3. **No gradient into the first stage.** It is trained already, and stays as it is.
#
# *Predict first:* suppose it did get a gradient from this loss. What could an encoder do to make life easy for
# the model? (The third patient at the end has tried it.)
#
# <details><summary>Hint 1</summary>
#
# `predicts` can only be given by name: `predicts=predicts`.
# </details>
# <details><summary>Hint 2</summary>
#
# What `encode_latents` gives has no graph. If you encode by yourself, `.detach()` cuts it off.
# </details>

# %% answer="latent_loss"
from dgm.latent import latent_loss  # exercise

# %% check="latent_loss" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T, n = 4, 40
schedule = NoiseSchedule(torch.tensor([0, 0.15, 0.25, 0.4, 0.5], dtype=torch.float64))
root, rest = schedule.alpha_bar.sqrt(), (1 - schedule.alpha_bar).sqrt()
turn = torch.randn(16, 16, generator=g, dtype=torch.float64, requires_grad=True)
gain = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
shown, seen = [], []


def codes(x):  # from (B, 1, 4, 4) to (B, 4, 2, 2)
    mu = 6 + 2 * x.flatten(1) @ turn.to(x.dtype)
    return mu.view(-1, 4, 2, 2), (mu.detach() / 20 + 3).view(-1, 4, 2, 2)


def encode(x):
    shown.append(x.detach().clone())
    return codes(x)


def decode(z):
    return z.reshape(-1, 1, 4, 4)


def model(zt, t):  # keeps what it is shown; its prediction depends on zt and t
    seen.append((zt.detach().clone(), torch.as_tensor(t).clone(), zt.requires_grad))
    return gain * zt + 0.1 * torch.as_tensor(t).reshape(-1, *[1] * (zt.dim() - 1))


def normal(e):
    """Whether e could be draws of N(0, 1), by mean and variance: six and seven standard errors."""
    return bool(e.mean().abs() < 6 / math.sqrt(e.numel())) and bool(
        (e.var() - 1).abs() < 7 * math.sqrt(2 / e.numel())
    )


stage = nn.Module()
stage.encode, stage.decode = encode, decode
x = torch.randn(n, 1, 4, 4, generator=g, dtype=torch.float64)
before, noises, times = x.clone(), [], []
mu, logvar = (a.detach() for a in codes(x))
for scale, options in ((0.3, {}), (2.5, {"predicts": "x0"}), (0.3, {"predicts": "v"})):
    shown.clear()
    seen.clear()
    said = f"scale {scale}" + "".join(f", {k} {v!r}" for k, v in options.items())
    loss = latent_loss(model, stage, x, schedule, scale, g, **options)
    assert loss is not None, "latent_loss returned None: did you forget `return`?"
    assert torch.is_tensor(loss) and loss.requires_grad, (
        "nothing can be trained on this: a tensor with its graph is wanted, no .item(), and no_grad for the first stage alone"
    )
    assert loss.numel() == 1, f"one number is wanted, got shape {tuple(loss.shape)}"
    assert torch.equal(x, before), "latent_loss has changed the x it was given"
    assert shown, "first_stage.encode was never called"
    assert seen, "the model was never called"
    zt, t = (torch.cat([s[i].reshape(-1, *s[i].shape[1:]) for s in seen]) for i in (0, 1))
    assert zt.shape != x.shape, (
        f"the model was shown pictures, shape {tuple(x.shape)}; its data are latents, {tuple(mu.shape)}"
    )
    assert zt.shape == mu.shape, (
        f"the model was shown shape {tuple(zt.shape)}, wanted that of the latents, {tuple(mu.shape)}"
    )
    assert torch.equal(torch.cat(shown), x.repeat(len(torch.cat(shown)) // n, 1, 1, 1)), (
        "the encoder was shown something other than x: noise and scale belong on the latents, not on the pictures"
    )
    assert len(t) == n and not t.is_floating_point(), "the model is told a whole step for each row"
    assert t.min() >= 1 and t.max() <= T, (
        f"steps from 1 to {T}, got {int(t.min())} to {int(t.max())}"
    )
    k = t.view(-1, 1, 1, 1)
    z = scale * mu
    eps = (zt - root[k] * z) / rest[k]  # the noise that was used, if the latents are right
    if not normal(eps):
        assert (eps[1:] - eps[:1]).abs().max() > 1e-6, (
            "one noise for the whole batch: draw it in the shape of the latents"
        )
        own = torch.where(k > 1, k - 1, k)
        wide = (rest[k] ** 2 + (scale * root[k]) ** 2 * logvar.exp()).sqrt()
        other = (
            ("the latents are not scaled: the model was shown the codes as they are", mu),
            ("the codes are divided by the scale; they are multiplied with it", mu / scale),
            ("the scale is in it twice: encode_latents has used it already", mu * scale**2),
            ("the log-variances were taken for the codes: encode gives mu first", scale * logvar),
            ("scale is an argument; these latents are divided by their own deviation", mu / mu.std()),
            ("no mean is taken off the codes", scale * (mu - mu.mean())),
            ("scale is an argument; these latents are standardised", (mu - mu.mean()) / mu.std()),
            ("the latents are clipped; they may be any numbers", z.clamp(-1, 1)),
        )  # fmt: skip
        guesses = [(mistake, (zt - root[k] * c) / rest[k]) for mistake, c in other] + [
            ("codes were drawn; the mean codes are wanted", (zt - root[k] * z) / wide),
            ("the model is told one step more or less than the latents were noised to", (zt - root[own] * z) / rest[own]),
            ("1 - alpha_bar is a variance: take its root", (zt - root[k] * z) / rest[k] ** 2),
            ("both roots are missing", (zt - root[k] ** 2 * z) / rest[k] ** 2),
            ("the noise is scaled too: scale the codes before noise is added", (zt / scale - root[k] * mu) / rest[k]),
        ]  # fmt: skip
        mistake, e = min(guesses, key=lambda m: m[1].mean().abs() + m[1].std().log().abs())
        assert not normal(e), f"{said}: {mistake}"
        assert (zt - z).abs().max() > 1e-9, "the model is shown clean latents: noise is missing"
        raise AssertionError(
            f"{said}: the model should be shown sqrt(alpha_bar) z + sqrt(1 - alpha_bar) eps with z = scale * mu. Solved "
            f"for eps it has mean {eps.mean():.3f} and variance {eps.var():.3f}, in place of 0 and 1"
        )
    noises.append(eps)
    times.append(t)
    leaks = torch.autograd.grad(loss, turn, retain_graph=True, allow_unused=True)[0]
    assert not any(s[2] for s in seen) and (leaks is None or not leaks.any()), (
        "the first stage gets a gradient: its encoder would be trained along. Cut the graph of the latents"
    )
    target = {"x0": z, "v": root[k] * eps - rest[k] * z}.get(options.get("predicts"), eps)
    out = gain * zt + 0.1 * k
    wanted = ((target - out) ** 2).mean()
    if not torch.allclose(loss.double(), wanted, rtol=1e-5):
        for mistake, value in (
            ("a sum over the entries of a latent; the mean is wanted, as in ddpm_loss", wanted * 16),
            ("a sum over the batch; its mean is wanted", wanted * n),
            ("a sum over everything; the mean is wanted, as in ddpm_loss", wanted * n * 16),
            ("predicts is not used: the target is still eps", ((eps - out) ** 2).mean()),
            ("the target has no scale; the model sees scaled latents and predicts them", ((mu - out) ** 2).mean()),
            ("the target is in the place of another: see training_target in exercises 06", ((z - out) ** 2).mean()),
            ("the loss is multiplied with the scale", wanted * scale),
            ("the loss is divided by the square of the scale", wanted / scale**2),
            ("the loss is divided by the scale", wanted / scale),
            ("the loss is multiplied with the square of the scale", wanted * scale**2),
            ("the first stage's error is no part of this loss", wanted + ((x - decode(mu)) ** 2).mean()),
            ("the first stage's error is no part of this loss", wanted + ((x - decode(mu)) ** 2).flatten(1).sum(1).mean()),
        ):  # fmt: skip
            assert not torch.allclose(loss.double(), value, rtol=1e-5), f"{said}: {mistake}"
        raise AssertionError(
            f"{said}, and with what your model saw it should be {wanted.item():.5f}, got {loss.item():.5f}"
        )
    slope = torch.autograd.grad(loss, gain)[0]
    assert torch.allclose(slope, torch.autograd.grad(wanted, gain)[0], rtol=1e-4), (
        "the value is right and the model's gradient is not"
    )
eps, t = torch.cat(noises), torch.cat(times)
assert (eps - eps[:1]).abs().max() > 1e-6 and (eps[:n] - eps[:1]).abs().max() > 1e-6, (
    "one noise for the whole batch: draw it in the shape of the latents"
)
counts = torch.bincount(t, minlength=T + 1)[1:]
assert (counts - len(t) / T).abs().max() < 6 * math.sqrt(len(t) * (T - 1)) / T, (
    f"of {len(t)} steps 1, ..., {T} come up {counts.tolist()} times: draw one for each row, uniformly"
)
same = [torch.Generator().manual_seed(SEED + 1) for _ in range(2)]
one, again = (latent_loss(model, stage, x[:9], schedule, 0.3, s).item() for s in same)
assert one == again, "the same generator state gave another loss: hand generator on"
assert latent_loss(model, stage, x[:9], schedule, 0.3, same[0]).item() != one, (
    "a second call gave the same loss: set no seed inside"
)


# %% hidden="latent_loss" points=2
# Hidden check, 2 points: points and pictures, one row, float32, a real first stage, which is as it was after a step
# of an optimizer over all weights.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for shape, latent, T, dtype, scale, options in (
    ((30, 1, 8, 4), (3, 4, 2), 3, torch.float64, 0.4, {}),
    ((1, 2, 6, 6), (2, 3, 3), 30, torch.float64, 3.0, {"predicts": "v"}),
    ((20, 1, 4, 4), (1, 2, 2), 5, torch.float32, 1.5, {"predicts": "x0"}),
):
    beta = 0.05 + 0.4 * torch.rand(T + 1, generator=g, dtype=torch.float64)
    beta[0] = 0
    schedule, size = NoiseSchedule(beta), math.prod(latent)
    stage = FirstStage(shape[1], latent[0], 4, (1,)).to(dtype)
    with torch.no_grad():
        stage.encoder[-1].weight *= 3
        stage.encoder[-1].bias += 2
    net = nn.Sequential(nn.Flatten(), nn.Linear(size, size), nn.Tanh()).to(dtype)
    seen = []

    def model(zt, t):
        seen.append((zt.detach().clone(), t.clone()))
        if zt.shape[1:] != latent:
            return zt
        return (net(zt) + (0.05 * t).to(zt.dtype).view(-1, 1)).view(zt.shape)

    x = torch.randn(shape, generator=g, dtype=dtype)
    kept = [p.detach().clone() for p in stage.parameters()]
    loss = latent_loss(model, stage, x, schedule, scale, g, **options)
    assert torch.is_tensor(loss) and loss.numel() == 1 and loss.requires_grad, (
        "one number with its graph"
    )
    zt, t = torch.cat([s[0] for s in seen]), torch.cat([s[1] for s in seen])
    assert zt.shape == (len(x), *latent) and zt.dtype == dtype, "what the model is shown"
    z = scale * stage.encode(x)[0].detach()
    k = t.view(-1, 1, 1, 1)
    a, b = (
        table.to(dtype)[k] for table in (schedule.alpha_bar.sqrt(), (1 - schedule.alpha_bar).sqrt())
    )
    eps = (zt - a * z) / b
    if eps.numel() > 50:
        assert abs(eps.mean()) < 6 / math.sqrt(eps.numel()), "the latents, or the noise"
        assert abs(eps.var() - 1) < 7 * math.sqrt(2 / eps.numel()), "the latents, or the noise"
    target = {"x0": z, "v": a * eps - b * z}.get(options.get("predicts"), eps)
    wanted = ((target - model(zt, t)) ** 2).mean()
    assert_close(
        loss.reshape(()),
        wanted,
        rtol=1e-3,
        atol=1e-4,
        check_dtype=False,
        msg=f"wrong for x of shape {shape}",
    )
    true = torch.autograd.grad(wanted, net[1].weight)[0]
    optimizer = torch.optim.SGD([*stage.parameters(), *net.parameters()], lr=0.1)
    loss.backward()
    assert net[1].weight.grad is not None, "the model gets no gradient"
    assert_close(
        net[1].weight.grad, true, rtol=1e-2, atol=1e-3, msg=f"the gradient, x of shape {shape}"
    )
    optimizer.step()
    for p, old in zip(stage.parameters(), kept):
        assert p.grad is None or not p.grad.any(), "the first stage has got a gradient"
        assert torch.equal(p, old), "the first stage has changed"
flat = nn.Module()
flat.encode = lambda x: (0 * x, 0 * x)
schedule = NoiseSchedule(torch.tensor([0, 0.2, 0.3], dtype=torch.float64))
x = torch.randn(200, 3, generator=g, dtype=torch.float64)
got = latent_loss(lambda zt, t: 0 * zt, flat, x, schedule, 1.0)
assert abs(got.item() - 1) < 6 * math.sqrt(2 / 600), (
    "codes of 0, a model that says 0: the variance of eps"
)

# %% [markdown]
# ### Exercise 7 · From noise to a picture
#
# *difficulty 2 of 5 · importance 5 of 5 · 15 minutes*
#
# The way back is walked in the latents, and the decoder is called once, at its end:
#
# $$z_T\sim\mathcal N(0,I)\;\to\;\dots\;\to\;z_0,\qquad x = D(z_0/s).$$
#
# Given are the samplers of exercises 06. Both end in a tensor of `shape`, which is the shape of the *latents*:
#
# - `ddpm_sample(model, schedule, shape, generator, predicts=…, clip=…)`, all $T$ steps;
# - `ddim_sample(model, schedule, shape, steps, eta, generator, predicts=…, clip=…)`, in `steps` steps.
#
# 1. DDPM if `steps` is `None`, else DDIM.
# 2. `clip` is a range of the scaled latents: hand it on.
# 3. Undo the scale, then decode.
#
# *Predict first:* the scale is 0.05, and somebody forgets to undo it. The decoder is handed codes near 0. Will the pictures
# be noisy, or blank, or all alike?
#
# <details><summary>Hint 1</summary>
#
# What was multiplied on the way in is divided on the way out.
# </details>
# <details><summary>Hint 2</summary>
#
# Options after the `*` go by name: `eta` too may, `eta=eta`.
# </details>

# %% answer="latent_sample"
from dgm.latent import latent_sample  # exercise

# %% check="latent_sample" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T, n, scale = 6, 3, 0.4
schedule = NoiseSchedule(torch.tensor([0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5], dtype=torch.float64))
root, rest = schedule.alpha_bar.sqrt(), (1 - schedule.alpha_bar).sqrt()
shape, seen, handed, back = (n, 3, 4, 5), [], [], []
weights = nn.Parameter(torch.ones(1, dtype=torch.float64))


def model(zt, t):  # knows no truth: some smooth function. It keeps what it is shown
    seen.append((zt.detach().clone(), torch.as_tensor(t).reshape(-1).clone()))
    return weights.to(zt.dtype) * (
        2 * torch.sin(2 * zt) + 0.1 * torch.as_tensor(t).reshape(-1, 1, 1, 1)
    )


def encode(x):
    back.append(x)
    return x[:, :3, ::2, ::2], 0 * x[:, :3, ::2, ::2]


def decode(z):  # from (B, 3, 4, 5) to (B, 1, 8, 10)
    handed.append(z.detach().clone())
    return 3 * weights.to(z.dtype) + nn.functional.interpolate(
        z.sum(1, keepdim=True), scale_factor=2
    )


def clean(zt, t, predicts="eps", clip=None, **others):
    """x0_hat as it follows from what the model says."""
    out = 2 * torch.sin(2 * zt) + 0.1 * t
    x0 = {"eps": (zt - rest[t] * out) / root[t], "x0": out, "v": root[t] * zt - rest[t] * out}[
        predicts
    ]
    return x0 if clip is None else x0.clamp(*clip)


def follow(zt, t, s, x0, eta):
    """The mean and the deviation of what comes at step s, after t."""
    eps = (zt - root[t] * x0) / rest[t]
    dev = (
        eta
        * float(rest[s] / rest[t])
        * (1 - float(schedule.alpha_bar[t] / schedule.alpha_bar[s])) ** 0.5
    )
    return root[s] * x0 + (max(float(rest[s]) ** 2 - dev**2, 0)) ** 0.5 * eps, dev


stage = nn.Module()
stage.encode, stage.decode = encode, decode
starts, noises = [], []
for options in (
    {},
    {"predicts": "x0", "clip": (-0.5, 0.6)},
    {"steps": 3},
    {"steps": 3, "predicts": "v"},
    {"steps": 4, "eta": 1.0, "predicts": "x0", "clip": (-0.5, 0.6)},
):
    seen.clear()
    handed.clear()
    back.clear()
    said = ", ".join(f"{k}={v!r}" for k, v in options.items()) or "no option"
    got = latent_sample(model, stage, schedule, shape, scale, g, **options)
    assert got is not None, "latent_sample returned None: did you forget `return`?"
    assert torch.is_tensor(got), f"a tensor of images is wanted, not a {type(got).__name__}"
    assert not back, (
        "first_stage.encode has no part in sampling: noise is drawn in the latents' shape"
    )
    assert seen, "the model was never called"
    sizes = {tuple(z.shape[1:]) for z, _ in seen}
    assert sizes == {shape[1:]}, (
        f"`shape` is that of the latents; the model was shown (B, *{sorted(sizes)[0]}), wanted (B, *{shape[1:]})"
    )
    assert handed, "first_stage.decode was never called: these are latents, and images are wanted"
    told = torch.cat([t if len(t) == len(z) else t.expand(len(z)) for z, t in seen])
    rows = torch.cat([z for z, _ in seen]).double()
    steps, eta = options.get("steps"), options.get("eta", 0.0 if options.get("steps") else 1.0)
    times = sorted(set(told.tolist()), reverse=True)
    path = [T - i for i in range(T)] if steps is None else [int(i) for i in ddim_times(T, steps)]
    assert times == path, (
        f"with {said} the model should be asked at t = {path}, and was at {times}: "
        + ("without `steps`, DDPM" if steps is None else "with `steps`, DDIM in so many steps")
    )
    at_t = {t: rows[told == t] for t in path}
    assert all(len(z) == n for z in at_t.values()), (
        f"with {said} the model should see {n} latents at each step, not {len(at_t[path[-1]])}"
    )
    starts.append(at_t[T])
    for t, s in pairwise(path):
        mean, dev = follow(at_t[t], t, s, clean(at_t[t], t, **options), eta)
        if eta:
            noises.append((at_t[s] - mean) / dev)
            continue
        assert torch.allclose(at_t[s], mean, rtol=1e-3, atol=1e-3), (
            f"with {said}: from t = {t} to {s} the latents go another way than DDIM's with eta = 0. "
            "Are eta, predicts and clip handed on? Is scale left for the end?"
        )
    if eta:
        e = torch.cat(noises[-len(path) + 1 :])
        assert e.mean().abs() < 6 / math.sqrt(e.numel()) and (e.var() - 1).abs() < 7 * math.sqrt(
            2 / e.numel()
        ), (
            f"with {said} the latents do not go the sampler's way: solved for its noise, they give mean {e.mean():.2f} and "
            f"variance {e.var():.2f}, in place of 0 and 1. Are eta, predicts and clip handed on?"
        )
    z0, z = clean(at_t[path[-1]], path[-1], **options), torch.cat(handed).double()
    lo, hi = options.get("clip", (-1.0, 1.0))
    assert z.shape == z0.shape, (
        f"the decoder was handed shape {tuple(z.shape)}, wanted the {n} latents at the end of the way, {shape}"
    )
    if not torch.allclose(z, z0 / scale, rtol=1e-3, atol=1e-3):
        for mistake, value in (
            ("the decoder was handed scaled latents: undo the scale first", z0),
            ("the scale is undone by a division; here it is multiplied once more", z0 * scale),
            ("the scale is undone twice", z0 / scale**2),
            ("the scale is undone, and then clipped; clip is a range of the scaled latents", (z0 / scale).clamp(lo, hi)),
            ("the decoder was handed the noise of the start", at_t[T] / scale),
            ("the decoder was handed the latents before the last step", at_t[path[-1]] / scale),
            ("the scale is taken off; it is to be divided by", z0 - scale),
        ):  # fmt: skip
            assert not torch.allclose(z, value, rtol=1e-3, atol=1e-3), f"with {said}: {mistake}"
        raise AssertionError(
            f"with {said}: the way ends in {z0[0, 0, 0, :2].tolist()}, so with scale {scale} the decoder should be handed "
            f"{(z0 / scale)[0, 0, 0, :2].tolist()}, and was handed {z[0, 0, 0, :2].tolist()}"
        )
    wanted = decode(z).detach()
    assert got.shape != shape, "these are latents; the decoder's images are wanted"
    assert got.shape == wanted.shape, (
        f"images of shape {tuple(wanted.shape)} are wanted, as the decoder gives them, got {tuple(got.shape)}"
    )
    if not torch.allclose(got.double(), wanted, rtol=1e-4, atol=1e-4):
        for mistake, value in (
            ("the images are clipped; clip is a range of the scaled latents", wanted.clamp(lo, hi)),
            (
                "the scale has nothing to do with the images: it is undone before the decoder",
                wanted / scale,
            ),
            (
                "the scale has nothing to do with the images: it is undone before the decoder",
                wanted * scale,
            ),
            ("nothing squeezes the images: they are what the decoder gives", wanted.tanh()),
        ):
            assert not torch.allclose(got.double(), value, rtol=1e-4, atol=1e-4), mistake
        raise AssertionError(f"with {said}: the images are not what the decoder has given")
    assert not got.requires_grad, "the images have a graph: sampling needs none"
e = torch.cat(starts)
assert e.abs().max() > 0, "the way begins at 0; it begins with noise"
assert (e.var() - 1).abs() < 7 * math.sqrt(2 / e.numel()) and e.mean().abs() < 6 / math.sqrt(
    e.numel()
), (
    f"the way begins with N(0, I), whatever the scale is; here with mean {e.mean():.2f} and variance {e.var():.2f}"
)
for options in ({}, {"steps": 2}):
    same = [torch.Generator().manual_seed(SEED + 1) for _ in range(2)]
    one, two = (latent_sample(model, stage, schedule, shape, scale, s, **options) for s in same)
    assert torch.equal(one, two), "the same generator state gave other images: hand generator on"
    again = latent_sample(model, stage, schedule, shape, scale, same[0], **options)
    assert not torch.equal(one, again), "a second call gave the same images: set no seed inside"


# %% hidden="latent_sample" points=2
# Hidden check, 2 points: points and pictures, one row, other scales and steps, a real first stage, float64 weights.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for shape, scale, T, options in (
    ((4, 3, 2, 3), 2.5, 5, {}),
    ((1, 3, 4, 2), 0.1, 8, {"steps": 1}),
    ((2, 3, 3, 3), 7.0, 5, {"steps": 5, "predicts": "v", "clip": (-0.3, 0.3)}),
    ((5, 3, 2, 2), 0.7, 6, {"predicts": "x0", "clip": (-0.2, 0.5)}),
    ((2, 3, 2, 2), 1.0, 6, {"steps": 4, "eta": 0.5}),
):
    beta = 0.05 + 0.4 * torch.rand(T + 1, generator=g, dtype=torch.float64)
    beta[0] = 0
    schedule, seen = NoiseSchedule(beta), []
    a, b = schedule.alpha_bar.sqrt(), (1 - schedule.alpha_bar).sqrt()
    real = FirstStage(1, 3, 4, (1, 2)).eval()

    def model(zt, t):
        seen.append((zt.clone(), t.clone()))
        return torch.cos(zt) - 0.1 * t.view(-1, 1, 1, 1)

    got = latent_sample(model, real, schedule, shape, scale, g, **options)
    assert torch.is_tensor(got) and not got.requires_grad, "images without a graph"
    assert got.shape == (shape[0], 1, 4 * shape[2], 4 * shape[3]), "the decoder's images"
    assert seen, "the model was never called"
    told = torch.cat([t for _, t in seen])
    times = sorted(set(told.tolist()), reverse=True)
    steps = options.get("steps")
    assert times == ([*range(T, 0, -1)] if steps is None else list(ddim_times(T, steps))), (
        "the steps"
    )
    last = torch.cat([z for z, _ in seen])[told == times[-1]].double()
    assert len(last) == shape[0] and last.shape[1:] == shape[1:], "the latents' shape"
    i = times[-1]
    out = torch.cos(last) - 0.1 * i
    z0 = {"x0": out, "v": a[i] * last - b[i] * out}.get(
        options.get("predicts"), (last - b[i] * out) / a[i]
    )
    if "clip" in options:
        z0 = z0.clamp(*options["clip"])
    with torch.no_grad():
        wanted = real.decode((z0 / scale).float())
    assert_close(
        got,
        wanted,
        rtol=1e-2,
        atol=1e-3,
        check_dtype=False,
        msg=f"wrong for scale {scale}, {options}",
    )
flat = nn.Module()
flat.encode, flat.decode = lambda x: (x / 2 - 0.5, 0 * x), lambda z: 2 * z + 1
schedule = NoiseSchedule(torch.tensor([0, 0.2, 0.3, 0.5], dtype=torch.float64))
point = torch.randn(1, 4, generator=g)
for steps in (None, 2):
    got = latent_sample(
        lambda zt, t: point.expand(len(zt), 4),
        flat,
        schedule,
        (6, 4),
        0.5,
        g,
        steps=steps,
        predicts="x0",
    )
    assert_close(
        got.float(),
        (4 * point + 1).expand(6, 4),
        rtol=1e-4,
        atol=1e-4,
        msg="a model that knows the point",
    )
got = latent_sample(lambda zt, t: 0.3 * zt, flat, schedule, (6, 4), 0.5)
assert got.shape == (6, 4) and got.isfinite().all(), "without a generator"

# %% [markdown]
# ## The payoff
#
# ### First stage: from 1024 pixels to 64 numbers
#
# The digits again, magnified to 32 by 32: sixteen times as many pixels, and nothing more in them. Your loss teaches
# a first stage to write each as 4 channels of 4 by 4. About ten seconds.


# %% demo=true
def magnified(split):
    x = load("digits", split)[0]  # (B, 1, 8, 8)
    return nn.functional.interpolate(x, size=(32, 32), mode="bicubic").clamp(-1, 1)


def sheet(x, title="", columns=16):
    """Show images (B, 1, 32, 32) in rows of so many."""
    x = nn.functional.pad(x, (2, 2, 2, 2), value=-1.0)
    rows, side = len(x) // columns, x.shape[-1]
    x = x.view(rows, columns, side, side).permute(0, 2, 1, 3).reshape(rows * side, columns * side)
    plt.figure(figsize=(0.55 * columns, 0.55 * rows + 0.2))
    plt.imshow(x, cmap="gray_r", vmin=-1, vmax=1)
    plt.axis("off")
    plt.title(title, fontsize=9, loc="left")
    plt.show()


def train(loss_of, parameters, steps, rate, batch=64, seed=0):
    """Adam on `loss_of(x, generator)`: up for 50 steps, level, down in the last 40 %."""
    g = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(parameters, betas=(0.9, 0.99))
    losses = []
    for step, x in enumerate(minibatches(pictures, batch, steps, g)):
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 50, (steps - step) / (0.4 * steps))
        loss = loss_of(x, g)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


pictures, unseen = magnified("train"), magnified("test")
torch.manual_seed(0)
stage = FirstStage(1, 4, width=8, multipliers=(2, 4, 4))
train(lambda x, g: first_stage_loss(stage, x, 1e-2, g), stage.parameters(), 400, 4e-3, batch=32)
stage.eval()
scale = latent_scale(stage, pictures)
with torch.no_grad():
    again = stage(unseen)
    z = encode_latents(stage, unseen, scale)
print(f"squared error of a pixel {(again - unseen).square().mean():.4f}; scale {scale:.3f}")
print(f"scaled latents of new pictures: shape {tuple(z.shape)}, standard deviation {z.std():.2f}")
sheet(
    torch.cat([unseen[:16], again[:16]]),
    "new pictures; below, what is left of them after 64 numbers",
)

# %% [markdown]
# ### Second stage: a diffusion on 4 by 4
#
# The U-Net of chapter 06 on tensors with four channels, your `latent_loss`, your `latent_sample`. It learns the
# velocity, as in exercises 06. A quarter of a minute. Beside it the bill of a single convolution in each world.


# %% demo=true
def second_stage(first, scale, steps):
    """A U-Net that has learned the latents of `first`."""
    torch.manual_seed(1)
    net = UNet(4, 32, (1,), attention=(False,))
    schedule = NoiseSchedule.cosine(100)

    def loss_of(x, g):
        return latent_loss(net, first, x, schedule, scale, g, predicts="v")

    losses = train(loss_of, [*net.parameters()], steps, 3e-3)
    return net.eval(), schedule, sum(losses[-50:]) / 50


def draw(net, first, schedule, scale, n=200, **options):
    g = torch.Generator().manual_seed(2)
    return latent_sample(net, first, schedule, (n, 4, 4, 4), scale, g, predicts="v", **options)


def far(x):
    """The Fréchet distance to the training pictures, all of them made 8 by 8."""
    small = [nn.functional.avg_pool2d(a, 4).flatten(1).double() for a in (pictures, x)]
    return frechet_distance(*small)


net, schedule, loss = second_stage(stage, scale, 400)
x = draw(net, stage, schedule, scale)
print(f"loss {loss:.3f}; Fréchet distance: noise {far(torch.randn(200, 1, 32, 32)):.0f}, yours {far(x):.1f}, "
      f"new pictures after the first stage {far(again[:200]):.1f}, as they are {far(unseen[:200]):.1f}")  # fmt: skip
sheet(x[:32], "drawn: 100 steps on 4 by 4, then the decoder, once")
sheet(draw(net, stage, schedule, scale, 32, steps=10), "the same, in 10 steps of DDIM")
pixels, latents = (conv_macs((1, 32, n, n), 32, 3, 1, 1) for n in (32, 4))
print(
    f"a convolution, 32 channels: {pixels:,} on pixels, {latents:,} on latents: {pixels // latents} times less"
)

# %% [markdown]
# No step of the way has seen a pixel. And the best that any second stage can do is the first stage's own row:
# what the decoder cannot draw, no diffusion in front of it can.
#
# ### From one digit to another
#
# Halfway between two latents, and halfway between two pictures. Which is a digit, and which a double exposure?

# %% demo=true
a, b = pictures[5:6], pictures[8:9]
share = torch.linspace(0, 1, 16).view(-1, 1, 1, 1)
with torch.no_grad():
    between = stage.decode(torch.lerp(*(encode_latents(stage, p, 1.0) for p in (a, b)), share))
sheet(
    torch.cat([between, torch.lerp(a, b, share)]), "through the latents; below, through the pixels"
)

# %% [markdown]
# ## Break it
#
# A colleague brings a first stage "as good as yours": its reconstructions are the same to the last digit. But its
# codes are in other units, twenty times as large. Three second stages go wrong. Nothing crashes. What is each one's
# mistake? Look at the numbers before you open the answers.


# %% demo=true
theirs = SimpleNamespace(
    encode=lambda x: (20 * stage.encode(x)[0], stage.encode(x)[1] + 2 * math.log(20)),
    decode=lambda z: stage.decode(z / 20),
)
own = latent_scale(theirs, pictures)
print(f"scale: yours {scale:.3f}, the colleague's {own:.3f}")
print(
    f"healthy: loss {loss:.3f}, Fréchet distance {far(x):.1f}, spread over the samples {x.std(0).mean():.2f}\n"
)

net_a, _, loss_a = second_stage(theirs, 1.0, 200)
x_a = draw(net_a, theirs, schedule, 1.0)
print(f"patient A: loss {loss_a:.4f}, Fréchet distance {far(x_a):.1f}, "
      f"spread over the samples {x_a.std(0).mean():.2f}")  # fmt: skip
sheet(x_a[:16], "patient A")

x_b = draw(net, SimpleNamespace(decode=lambda z: theirs.decode(own * z)), schedule, own)
print(f"patient B: loss {loss:.4f}, Fréchet distance {far(x_b):.1f}, "
      f"spread over the samples {x_b.std(0).mean():.2f}")  # fmt: skip
sheet(x_b[:16], "patient B")

torch.manual_seed(1)
first = FirstStage(1, 4, width=8, multipliers=(2, 4, 4))
first.load_state_dict(stage.state_dict())
net_c = UNet(4, 32, (1,), attention=(False,))
losses = train(
    lambda x, g: ddpm_loss(net_c, scale * first.encode(x)[0], schedule, g),
    [*net_c.parameters(), *first.parameters()],
    120,
    3e-3,
)
spread = encode_latents(first, pictures, scale).std()
print(
    f"patient C: loss {sum(losses[-50:]) / 50:.4f}, its scaled latents have deviation {spread:.3f}"
)
with torch.no_grad():
    sheet(first(unseen[:16]), "patient C: not even samples, just new pictures encoded and decoded")

# %% [markdown]
# <details><summary>Patient A</summary>
#
# The codes are not scaled. The schedule is made for variance 1; in data of deviation 20 its noise is hardly seen until
# the last few steps. All that a sample will be is settled there, in a few strides, and a network of numbers near 1
# has to say numbers near 20. With its own scale this first stage is as good as yours: $s\,\mu(x)$ is the same to the last
# digit. (Codes far too *small* are gone after the first few steps instead, and their loss looks wonderful.)
# </details>
# <details><summary>Patient B</summary>
#
# A good second stage, and a decoder that is handed its *scaled* latents: in the colleague's units, codes twenty times too
# small, all of them close to 0. So all pictures are nearly the picture of the code 0, and the spread tells. The loss cannot
# know, for no loss looks at the way out.
# </details>
# <details><summary>Patient C</summary>
#
# A gradient into the first stage. Noise is easy to see in $z_t$ if $z$ is the same for all pictures, or small, or where nothing is;
# so the encoder forgets its pictures, and the loss falls. Freezing it is no thrift. It is what keeps the data from
# running away. (To train both at once one needs the reconstruction in the loss, and with it a bound that holds: chapter
# 03's, with the diffusion as the prior.)
# </details>
#
# ## Questions to think about
#
# <details><summary>1. Why one scale for all channels, and not one for each?</summary>
#
# One number keeps the proportions that the decoder knows: a channel that says little stays small, and is drowned in
# noise early, as fine detail is in pixels. One for each channel would make all equally important to the loss. Both
# are done. Stable Diffusion has one number, 0.18215.
# </details>
# <details><summary>2. If a KL towards N(0, I) were strong enough, no scale would be needed. Why not?</summary>
#
# Then the codes would be noise already, and the decoder would have little to go by: the posterior's collapse of chapter 03.
# A weight of 0.01 or less keeps codes from running off and leaves nearly all of the information in them. That they are
# not normal is the second stage's business: to learn what they are.
# </details>
# <details><summary>3. Is the loss of a latent diffusion comparable to that of a pixel diffusion, or of another first stage?</summary>
#
# No. It is an error in units of latents, and patient A has shown what units do. Compare pictures, by a distance
# between features, or likelihoods in pixels.
# </details>
# <details><summary>4. A first stage with 16 times fewer numbers: is the diffusion 16 times faster?</summary>
#
# By part A a convolution is $64$ times cheaper on 4 by 4 than on 32 by 32, and attention's scores 4096 times. But the network may
# need more channels to say as much, and small tensors leave processors idle. Measure: the chapter does.
# </details>
# <details><summary>5. Where do faces and small writing go wrong in such models, and who is to blame?</summary>
#
# Often the first stage. Encode a real picture and decode it: what is lost there is lost to all that follows. That is
# the first thing to look at, since it needs no sampling.
# </details>
#
# **Harder, no points.** Train the second stage with `predicts="eps"` on the colleague's codes, unscaled, and find the
# factor at which it breaks. Give `latent_scale` one number for each channel, and compare. And: hand `first_stage_loss` a
# weight of 1 and of 100. Where is the best Fréchet distance of the *samples*, where that of the reconstructions?
