# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 06 · DDPM
#
# {launch}
#
# Noise can be made of any picture, a little in each of $T$ steps. A network that looks at a noisy
# picture and says which noise is in it can walk back. All that this takes is two algorithms of a few
# lines each, and here you write both.
#
# - **Part A, the clock.** How much noise at which step, and how a network is told the step.
# - **Part B, the network.** The block that a U-Net is made of.
# - **Part C, the two algorithms.** Training, and the way back from noise to data.
# - **Part D, faster and better.** DDIM in few steps, the moving average, and the ideal denoiser.
#
# At the end a U-Net of your own blocks learns digits, with your loss, and your sampler draws new ones.
#
# | | |
# |---|---|
# | **Needs** | chapters 05 and 06 of the book, PyTorch's basics |
# | **Points** | {points}, in nine exercises |
# | **Time** | three hours for you, about forty seconds for a laptop; no GPU |
#
# **How it works.** Replace each `raise NotImplementedError` by your code. Run the check cell below
# it: it prints nothing when all is well, and names the likely mistake when not. A second, hidden
# check runs when you hand in: other inputs, other shapes. To run all visible checks at once, type
# `make check NOTEBOOK=06`, or `python -m course check 06` in JupyterLab's own terminal.

# %% given="setup"
import copy
import math
from collections.abc import Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn.functional import silu
from torch.testing import assert_close

from dgm.data.batches import minibatches
from dgm.data import load
from dgm.ddim import ddim_times
from dgm.ddpm import Weight
from dgm.diffusion import posterior_mean_from_eps, predict_eps, predict_x0, q_posterior, q_sample
from dgm.prediction import as_x0, training_target
from dgm.sampling import Model, call, estimate, start
from dgm.schedule import VARIANCES, NoiseSchedule, at, linear_beta
from dgm.nn.networks import groups, zeroed

torch.manual_seed(0)
torch.set_num_threads(1)  # networks this small gain nothing from more
digits = load("digits")[0]  # (B, 1, 8, 8) in [-1, 1]

# %% [markdown]
# Four conventions hold everywhere, and three tools are given.
#
# - Steps run from **1 to T**, as in the paper. `t` is one whole number for each row, shape `(B,)`.
# - A schedule's tables `beta`, `alpha`, `alpha_bar`, `beta_tilde` have $T+1$ entries, so that entry
#   $t$ belongs to step $t$. Entry 0 is clean data: `beta[0]` is 0 and `alpha_bar[0]` is 1.
# - `alpha` is $1-\beta$, and `alpha_bar` the product of all alphas so far.
# - A model is called as `model(xt, t)`, and gives a tensor of the shape of `xt`.
# - `at(table, t, x)` looks up each row's entry and shapes it so that it multiplies `x`, whatever the
#   rank of `x`. Compute with the whole table first and look up last: `at((1 - schedule.alpha_bar).sqrt(), t, x)`.
# - `q_sample(x0, t, eps, schedule)` gives $x_t=\sqrt{\bar\alpha_t}\,x_0+\sqrt{1-\bar\alpha_t}\,\varepsilon$,
#   and `predict_x0`, `predict_eps`, `q_posterior`, `posterior_mean_from_eps` are those of exercises 05.
# - `training_target(x0, eps, t, schedule, predicts)` is what a network learns that `predicts` `"eps"`,
#   `"x0"` or `"v"`.
#
# Keep the dtype of what comes in. The tables are float64, and `at` casts what it looks up.
#
# ## Part A · The clock
#
# ### Exercise 1 · The cosine schedule
#
# *difficulty 2 of 5 · importance 4 of 5 · 15 minutes*
#
# The linear schedule destroys small pictures too soon: its last steps add noise to noise. Nichol and
# Dhariwal say instead what should be left, and let the betas follow:
#
# $$f(t)=\cos^2\Bigl(\frac{t/T+s}{1+s}\cdot\frac{\pi}{2}\Bigr),\qquad
# \bar\alpha_t=\frac{f(t)}{f(0)},\qquad
# \beta_t=\min\Bigl(1-\frac{\bar\alpha_t}{\bar\alpha_{t-1}},\;0.999\Bigr).$$
#
# 1. $f$ at all $t$ from 0 to $T$, in float64: $T+1$ numbers.
# 2. One minus the ratio of neighbours: $T$ numbers, for $t=1,\dots,T$.
# 3. None above 0.999, and a 0 before them for $t=0$.
#
# *Predict first:* what is $f(T)$? So what would $\beta_T$ be without the limit, and what would the
# sampler's first step divide by?
#
# <details><summary>Hint 1</summary>
#
# `f[1:] / f[:-1]` holds the ratios of neighbours, and $f(0)$ cancels in them. `clamp` sets a limit.
# </details>
# <details><summary>Hint 2</summary>
#
# `torch.arange(T + 1, dtype=torch.float64)` holds $0,\dots,T$. `torch.cat` puts a
# `torch.zeros(1, dtype=torch.float64)` before the rest.
# </details>

# %% answer="cosine_beta"
from dgm.schedule import cosine_beta  # exercise

# %% check="cosine_beta" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T = int(torch.randint(12, 40, (1,), generator=g))
s = 0.02 + 0.05 * float(torch.rand(1, generator=g))


def left(t, s=s, T=T, power=2, quarter=math.pi / 2, bottom=None):
    """f(t), as it should be or with a mistake."""
    return math.cos((t / T + s) / (1 + s if bottom is None else bottom) * quarter) ** power


def table(f, limit=0.999, first=None):
    a = [f(t) for t in range(T + 1)]
    a[0] = first or a[0]
    betas = [min(1 - a[t] / a[t - 1], limit) for t in range(1, T + 1)]
    return torch.tensor([0.0, *betas], dtype=torch.float64)


def near(a, b):
    return torch.allclose(a, b, rtol=1e-6, atol=1e-9)


wanted = table(left)
got = cosine_beta(T, s)
assert got is not None, "cosine_beta returned None: did you forget `return`?"
got = torch.as_tensor(got).double()
assert got.shape != (T,), "T entries; T + 1 are wanted: entry 0, which is 0, is for clean data"
assert got.shape == (T + 1,), f"T is {T}: shape ({T + 1},) is wanted, got {tuple(got.shape)}"
if not near(got, wanted):
    share = torch.tensor([left(t) for t in range(T + 1)], dtype=torch.float64)
    free = table(left, 2.0)
    for mistake, value in (
        ("the last beta is (almost) 1 and would leave nothing of the data: 0.999 at most", free),
        ("the limit is 0.999 for beta; this is another one", table(left, 0.02)),
        ("this is alpha_bar; its betas are wanted", share / share[0]),
        ("this is f, the share that is left; betas are wanted", share),
        ("this is 1 - alpha_bar; divide neighbours: 1 - f(t) / f(t-1)", 1 - share / share[0]),
        ("this is 1 - alpha_bar; divide neighbours: 1 - f(t) / f(t-1)", (1 - share / share[0]).clamp(max=0.999)),
        ("this is alpha; beta is 1 - alpha", 1 - wanted),
        ("beta_1 alone is wrong: alpha_bar_1 is f(1) / f(0), and f(0) is not 1", table(left, first=1.0)),
        ("the padding stands at the end; entry 0 belongs to clean data", wanted.roll(-1)),
        ("the cosine is to be squared", table(lambda t: left(t, power=1))),
        ("s is not used", table(lambda t: left(t, s=0))),
        ("s is an argument; this is the table of s = 0.008", table(lambda t: left(t, s=0.008))),
        ("the angle is divided by 1 + s, so that it ends at 90 degrees", table(lambda t: left(t, bottom=1)).clamp(min=0)),
        ("the angle is divided by 1 + s, so that it ends at 90 degrees", table(lambda t: left(t, bottom=1))),
        ("the angle runs to pi / 2: that factor is missing", table(lambda t: left(t, quarter=1))),
        ("the angle runs to pi / 2, not to pi", table(lambda t: left(t, quarter=math.pi))),
        ("the ratio is upside down: f(t) over f(t-1)", torch.cat([wanted[:1], (1 / (1 - free[1:]) - 1).clamp(max=0.999)])),
    ):  # fmt: skip
        assert not near(got, value), mistake
    assert got[0].abs() < 1e-12, f"entry 0 is for clean data and should be 0, got {got[0]:.4g}"
    assert not torch.allclose(got, wanted, rtol=1e-3), (
        "right in the first digits alone: 1 minus a ratio near 1 has to be computed in float64"
    )
    raise AssertionError(
        f"T = {T}, s = {s:.3f}: the first betas should be {wanted[1:4].tolist()}, got {got[1:4].tolist()}. "
        "Does t run over 0, 1, ..., T?"
    )
first = torch.as_tensor(cosine_beta())
assert first.shape == (1001,), f"1000 steps if nothing is said; got shape {tuple(first.shape)}"
beta_1 = 1 - left(1, 0.008, 1000) / left(0, 0.008, 1000)
assert abs(float(first[1]) / beta_1 - 1) < 1e-5, (
    f"with T = 1000 beta_1 should be {beta_1:.8g}, got {float(first[1]):.8g}: one minus a number near 1 "
    "loses its digits in float32, and a limit from below is none of the formula's"
)


# %% hidden="cosine_beta" points=1
# Hidden check, 1 point: other T, one step, other s, the product of the alphas against f.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for T, s in ((1, 0.008), (2, 0.1), (400, 0.008), (73, 0.3 * float(torch.rand(1, generator=g)))):
    got = cosine_beta(T=T, s=s)
    assert got is not None, "nothing came back"
    got = torch.as_tensor(got).double()
    assert got.shape == (T + 1,), f"T + 1 entries for T = {T}"
    assert got[0] == 0, "entry 0 is 0"
    t = torch.arange(T + 1).double() / T
    share = (1 + torch.cos((t + s) / (1 + s) * math.pi)) / 2
    product = torch.cumprod(1 - got, 0)
    assert_close(
        product[:-1], (share / share[0])[:-1], rtol=1e-6, atol=0, msg="alpha_bar is f(t) / f(0)"
    )
    assert abs(float(got[-1]) - 0.999) < 1e-9, "the last beta is 0.999"
    assert (got[1:-1] < 0.999).all() or T < 3, "the others are below"

# %% [markdown]
# Your schedule beside the linear one. On the left what is left of the data; on the right the logarithm
# of the signal-to-noise ratio, $\bar\alpha_t/(1-\bar\alpha_t)$. Where the line lies below $-4$, hardly
# anything can be seen in $x_t$: count how many of the linear schedule's steps are spent there.

# %% demo=true
tables = {"linear": linear_beta(), "cosine": torch.as_tensor(cosine_beta())}
figure, axes = plt.subplots(1, 2, figsize=(8, 2.8), layout="constrained")
for name, beta in tables.items():
    share = NoiseSchedule(beta).alpha_bar
    axes[0].plot(share, label=name)
    axes[1].plot((share / (1 - share)).log()[1:], label=name)
    spent = ((share / (1 - share)).log() < -4).double().mean()
    print(f"{name}: {spent:.0%} of the steps have a log-SNR below -4")
axes[0].set(xlabel="t", title="alpha_bar")
axes[1].set(xlabel="t", title="log SNR", ylim=(-14, 10))
axes[0].legend()
plt.show()

# %% [markdown]
# ### Exercise 2 · What time is it?
#
# *difficulty 2 of 5 · importance 4 of 5 · 15 minutes*
#
# One network serves all steps, so it has to be told which one it is. A bare number up to 1000 is a poor
# input. So $t$ becomes the hands of $d/2$ clocks, from a fast one to a slow one:
#
# $$f_i = P^{-i/(d/2)},\quad i=0,\dots,\tfrac d2-1;\qquad
# \text{emb}(t) = \bigl[\sin(tf_0),\dots,\sin(tf_{d/2-1}),\;\cos(tf_0),\dots,\cos(tf_{d/2-1})\bigr].$$
#
# 1. The $d/2$ frequencies, with $P$ = `max_period`.
# 2. All products of a step and a frequency: an angle for each, shape `(B, d/2)`.
# 3. Their sines, then their cosines, side by side: `(B, d)`.
#
# `t` may hold whole numbers or floats.
#
# *Predict first:* two neighbouring steps, 500 and 501. Which entries of their embeddings differ, the
# first or the last sines? And steps 1 and 1000?
#
# <details><summary>Hint 1</summary>
#
# `t[:, None] * frequencies` has a row for each step and a column for each frequency.
# </details>
# <details><summary>Hint 2</summary>
#
# `10000.0 ** (-i / half)` with `i = torch.arange(half)`: mind the minus and the brackets. Some codes
# divide by `half - 1`. Here it is `half`, as in the formula.
# </details>

# %% answer="timestep_embedding"
from dgm.nn.unet import timestep_embedding  # exercise

# %% check="timestep_embedding" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
t = 2 + torch.randperm(998, generator=g)[:5]
dim, period = 8, 500.0 + float(1000 * torch.rand(1, generator=g))


def clocks(speeds=None, steps=None, waves=(math.sin, math.cos)):
    speeds = [period ** (-i / 4) for i in range(4)] if speeds is None else speeds
    rows = [[wave(k * f) for wave in waves for f in speeds] for k in (steps or t.tolist())]
    return torch.tensor(rows, dtype=torch.float64)


before, wanted = t.clone(), clocks()
got = timestep_embedding(t, dim, period)
assert got is not None, "timestep_embedding returned None: did you forget `return`?"
assert torch.is_tensor(got) and got.is_floating_point(), (
    f"a floating-point tensor is wanted, got {getattr(got, 'dtype', type(got).__name__)}: t holds whole numbers, the waves do not"
)
assert torch.equal(t, before), "timestep_embedding has changed the t it was given"
assert got.shape == (5, dim), (
    f"5 steps and dim = {dim}: shape (5, {dim}) is wanted, got {tuple(got.shape)}. "
    "Half of the columns are sines, half cosines, side by side"
)
got = got.double()
if not torch.allclose(got, wanted, atol=1e-3):
    for mistake, value in (
        ("cosines stand first; sines are wanted first", clocks(waves=(math.cos, math.sin))),
        ("sines and cosines take turns; all sines come first, then all cosines", wanted.view(5, 2, 4).transpose(1, 2).reshape(5, 8)),
        ("the exponent is -i / (dim/2); this is -i / (dim/2 - 1)", clocks([period ** (-i / 3) for i in range(4)])),
        ("the exponent is -i / (dim/2); this is -i / dim", clocks([period ** (-i / 8) for i in range(4)])),
        ("the exponent is -i / (dim/2); this is twice that", clocks([period ** (-i / 2) for i in range(4)])),
        ("the exponent's minus is missing: frequencies fall from 1", clocks([period ** (i / 4) for i in range(4)])),
        ("max_period is an argument; this is the embedding for 10000", clocks([10000 ** (-i / 4) for i in range(4)])),
        ("i begins at 0: the fastest frequency is 1", clocks([period ** (-i / 4) for i in range(1, 5)])),
        ("the angle is t f, without 2 pi", clocks([2 * math.pi * period ** (-i / 4) for i in range(4)])),
        ("t is not divided by anything", clocks([period ** (-i / 4) / 1000 for i in range(4)])),
        ("steps count from 1, and t is used as it is: no t - 1", clocks(steps=[k - 1 for k in t.tolist()])),
        ("this is dim sines; half of the entries are cosines", clocks([period ** (-i / 8) for i in range(8)], waves=(math.sin,))),
        ("all frequencies are 1: is i / half a division of whole numbers?", clocks([1.0] * 4)),
        ("each row has a step of its own; this is the first one's for all", wanted[:1].expand(5, 8)),
    ):  # fmt: skip
        assert not torch.allclose(got, value, atol=0.03), mistake
    raise AssertionError(
        f"step {int(t[0])}, period {period:.1f}: wanted {wanted[0].tolist()}, got {got[0].tolist()}"
    )
half_steps = torch.tensor([0.5, 3.25], dtype=torch.float64)
got = timestep_embedding(half_steps, 2).double()
wanted = clocks([1.0], steps=half_steps.tolist())
assert torch.allclose(got, wanted, atol=1e-3), (
    f"t = 0.5 and 3.25, dim = 2: wanted {wanted.tolist()}, got {got.tolist()}. Steps may be fractions"
)


# %% hidden="timestep_embedding" points=1
# Hidden check, 1 point: other widths, one step, float32 and float64 steps, the default period.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for B, dim, dtype, options in (
    (1, 2, torch.int64, {}),
    (7, 64, torch.int64, {}),
    (4, 6, torch.float64, {"max_period": 77.0}),
    (3, 10, torch.float32, {"max_period": 1e6}),
):
    t = (1 + 999 * torch.rand(B, generator=g)).to(dtype)
    i = torch.arange(dim) % (dim // 2)
    angle = t.double()[:, None] * options.get("max_period", 10000.0) ** (-2 * i.double() / dim)
    wanted = torch.where(torch.arange(dim) < dim // 2, angle.sin(), angle.cos())
    got = timestep_embedding(t, dim, **options)
    assert torch.is_tensor(got) and got.is_floating_point(), "a floating-point tensor"
    assert_close(
        got, wanted, rtol=0, atol=2e-3, check_dtype=False, msg=f"wrong for {B} steps, dim {dim}"
    )

# %% [markdown]
# The hands of 32 clocks. From left to right time goes by. The upper rows turn fast and tell neighbours
# apart, the lower ones turn so slowly that they say whether it is early or late.

# %% demo=true
plt.figure(figsize=(8, 2.6))
plt.imshow(
    torch.as_tensor(timestep_embedding(torch.arange(1, 301), 64)).T, cmap="RdBu", aspect="auto"
)
plt.xlabel("t")
plt.ylabel("entry")
plt.colorbar()
plt.show()

# %% [markdown]
# ## Part B · The network
#
# ### Exercise 3 · The block
#
# *difficulty 3 of 5 · importance 4 of 5 · 25 minutes*
#
# A U-Net is made of one block, again and again. It changes its input a little, and is told the time in
# between. The layers are there; you write the `forward`.
#
# 1. `norm1`, then `silu`, then `conv1`.
# 2. `emb_proj` makes of the embedding `(B, E)` twice as many numbers as there are channels: first a
#    **scale** for each channel, then a **shift**. They hold for all pixels.
# 3. `norm2` of what step 1 gave, times $1+\text{scale}$, plus the shift. Then `silu`.
# 4. `dropout`, then `conv2`.
# 5. Add the input. Where the numbers of channels differ, `skip` makes them agree; else it is the identity.
#
# Take the embedding as it comes: the network has sent it through its own layers.
#
# *Predict first:* norm 2 takes out each group's mean and size. What would become of a scale and a shift
# that come *before* it? And what does a new block do, whose `conv2` is 0?
#
# <details><summary>Hint 1</summary>
#
# `a[:, :, None, None]` turns `(B, n)` into `(B, n, 1, 1)`, which multiplies a picture.
# `.chunk(2, dim=1)` cuts in two.
# </details>
# <details><summary>Hint 2</summary>
#
# Keep `x`: give what you compute another name. `self.skip(x)` is right for both cases.
# </details>

# %% answer="ResidualBlock"
from dgm.nn.unet import ResidualBlock  # exercise: forward

# %% check="ResidualBlock" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
F = nn.functional
STEPS = ["norm1", "silu", "conv1", "norm2", "scale", "shift", "silu", "dropout", "conv2"]


def fill(block):
    """Weights at random: a new block's conv2 is 0 and would hide what is wrong."""
    with torch.no_grad():
        for weight in block.parameters():
            weight.copy_(0.5 * torch.randn(weight.shape, generator=g, dtype=weight.dtype))
    return {name: weight for name, weight in block.named_parameters()}


def by_steps(w, x, emb, steps, swap=False, add="input", act=F.silu):
    """The block as a list of steps: the right ones, or others."""
    two = F.linear(emb, w["emb_proj.weight"], w["emb_proj.bias"])
    n = two.shape[1] // 2
    scale, shift = two[:, :n].reshape(-1, n, 1, 1), two[:, n:].reshape(-1, n, 1, 1)
    if swap:
        scale, shift = shift, scale
    h, kept = (
        x,
        {"input": F.conv2d(x, w["skip.weight"], w["skip.bias"]) if "skip.weight" in w else x},
    )
    for step in steps:
        if step.startswith("norm"):
            h = F.group_norm(h, groups(h.shape[1]), w[f"{step}.weight"], w[f"{step}.bias"])
        elif step.startswith("conv"):
            h = F.conv2d(h, w[f"{step}.weight"], w[f"{step}.bias"], padding=1)
        elif step in ("scale", "scale alone", "shift"):
            h = {"scale": h * (1 + scale), "scale alone": h * scale, "shift": h + shift}[step]
        elif step == "silu":
            h = act(h)
        kept[step] = h
    return h + kept[add] if add else h


def without(*left_out):
    return [step for k, step in enumerate(STEPS) if k not in left_out]


for channels in ((12, 12), (12, 24)):
    block = ResidualBlock(*channels, 6).double()
    w = fill(block)
    x = torch.randn(3, channels[0], 4, 5, generator=g, dtype=torch.float64)
    emb = torch.randn(3, 6, generator=g, dtype=torch.float64)
    before = x.clone(), emb.clone()
    with torch.no_grad():
        got, wanted = block(x, emb), by_steps(w, x, emb, STEPS)
    assert got is not None, "forward returned None: did you forget `return`?"
    assert got.shape == wanted.shape, (
        f"from {channels[0]} to {channels[1]} channels: shape {tuple(wanted.shape)} is wanted, got {tuple(got.shape)}"
    )
    assert torch.equal(x, before[0]) and torch.equal(emb, before[1]), (
        "forward has changed what it was given: others read x too, so no `+=` on it"
    )
    if torch.allclose(got, wanted, rtol=1e-4, atol=1e-5):
        continue
    first = STEPS[:3]
    for mistake, steps, options in (
        ("the input is not added", STEPS, {"add": ""}),
        ("scale and shift have changed places: the first half scales", STEPS, {"swap": True}),
        ("the channels are multiplied by 1 + scale, not by the scale", [*STEPS[:4], "scale alone", *STEPS[5:]], {}),
        ("the scale is not used", without(4), {}),
        ("the shift is not used", without(5), {}),
        ("the embedding is not used", without(4, 5), {}),
        ("scale and shift come before norm2, which takes them out again", [*first, "scale", "shift", "norm2", "silu", "conv2"], {}),
        ("the shift comes before norm2, which takes it out again", [*first, "shift", "norm2", "scale", "silu", "conv2"], {}),
        ("norm2 is missing", without(3), {}),
        ("norm1 is missing", without(0), {}),
        ("norm1 and the first silu are missing", without(0, 1), {}),
        ("the silu before conv1 is missing", without(1), {}),
        ("the silu before conv2 is missing", without(6), {}),
        ("first the norm, then silu", ["silu", "norm1", *STEPS[2:]], {}),
        ("silu comes after scale and shift", [*STEPS[:4], "silu", "scale", "shift", "conv2"], {}),
        ("the shift is not scaled: first times 1 + scale, then plus the shift", [*STEPS[:4], "shift", "scale", *STEPS[6:]], {}),
        ("conv2 is missing", STEPS[:-1], {}),
        ("silu(a) is a times sigmoid(a), not relu", STEPS, {"act": torch.relu}),
        ("silu(a) is a times sigmoid(a), not the sigmoid alone", STEPS, {"act": torch.sigmoid}),
        ("what is added is the block's input, not what conv1 made of it", STEPS, {"add": "conv1"}),
    ):  # fmt: skip
        value = by_steps(w, x, emb, steps, **options)
        assert not (
            value.shape == got.shape and torch.allclose(got, value, rtol=1e-4, atol=1e-5)
        ), mistake
    for mistake, value in (
        ("the sum is not halved", wanted / 2),
        ("nothing comes after the sum", F.silu(wanted)),
        ("the block's input is added as it came, before norm1 and silu", by_steps(w, F.silu(F.group_norm(x, 4, w["norm1.weight"], w["norm1.bias"])), emb, STEPS[2:])),
        ("the embedding needs no silu here: take it as it comes", by_steps(w, x, F.silu(emb), STEPS)),
        ("each row has its own embedding; this is the first one's for all", by_steps(w, x, emb[:1], STEPS)),
        ("the first half of emb_proj's numbers scales and the second half shifts; not every other one", by_steps(w | {
            f"emb_proj.{k}": torch.cat([w[f"emb_proj.{k}"][::2], w[f"emb_proj.{k}"][1::2]]) for k in ("weight", "bias")}, x, emb, STEPS)),
    ):  # fmt: skip
        assert not torch.allclose(got, value, rtol=1e-4, atol=1e-5), mistake
    raise AssertionError(
        f"layer by layer entry [0, 0, 0] should be {wanted[0, 0, 0].tolist()}, got {got[0, 0, 0].tolist()}"
    )
leaves = [before[0].clone().requires_grad_(), before[1].clone().requires_grad_(), *w.values()]
pull = torch.randn(wanted.shape, generator=g, dtype=torch.float64)
value = (block(*leaves[:2]) * pull).sum()
assert value.requires_grad, "no gradient comes back: no .detach(), no no_grad"
slopes = torch.autograd.grad(value, leaves, allow_unused=True)
truth = torch.autograd.grad((by_steps(w, *leaves[:2], STEPS) * pull).sum(), leaves)
for name, slope, wanted in zip(["x", "emb", *w], slopes, truth):
    assert slope is not None, f"no gradient reaches {name}: is something detached?"
    assert torch.allclose(slope, wanted, rtol=1e-3, atol=1e-4), f"the gradient of {name} is wrong"
block = ResidualBlock(4, 4, 6, dropout=1.0).double()
w, (x, emb) = fill(block), before
x = torch.randn(2, 4, 3, 3, generator=g, dtype=torch.float64)
emb = torch.randn(2, 6, generator=g, dtype=torch.float64)
with torch.no_grad():
    dropped, kept = block(x, emb), block.eval()(x, emb)
    wanted = x + w["conv2.bias"][:, None, None]
assert torch.allclose(kept, by_steps(w, x, emb, STEPS), rtol=1e-4, atol=1e-5), (
    "dropout in evaluation mode: use self.dropout, which knows the mode"
)
assert not torch.allclose(dropped, kept), "dropout is not used: it comes before conv2"
assert not torch.allclose(dropped, x), "dropout comes before conv2, not after it"
assert torch.allclose(dropped, wanted, rtol=1e-4, atol=1e-5), (
    "with all entries dropped, conv2's bias and the input are left: where is the dropout?"
)


# %% hidden="ResidualBlock" points=1
# Hidden check, 1 point: odd sizes, one row, one pixel, more and fewer channels, float32, gradients,
# training and evaluation mode.
SEED = 0
g = torch.Generator().manual_seed(SEED)
F = nn.functional
for shape, out, width, dtype in (
    ((1, 2, 3, 7), 6, 3, torch.float64),
    ((4, 6, 2, 2), 2, 5, torch.float64),
    ((2, 5, 6, 1), 5, 1, torch.float32),
    ((3, 16, 5, 5), 16, 9, torch.float32),
):
    block = ResidualBlock(shape[1], out, width).to(dtype)
    w = {}
    with torch.no_grad():
        for name, weight in block.named_parameters():
            weight.copy_(0.4 * torch.randn(weight.shape, generator=g, dtype=dtype))
            w[name] = weight
    x = torch.randn(shape, generator=g, dtype=dtype, requires_grad=True)
    emb = torch.randn(shape[0], width, generator=g, dtype=dtype, requires_grad=True)
    h = F.group_norm(x, math.gcd(8, shape[1]), w["norm1.weight"], w["norm1.bias"])
    h = F.conv2d(h * h.sigmoid(), w["conv1.weight"], w["conv1.bias"], padding=1)
    h = F.group_norm(h, math.gcd(8, out), w["norm2.weight"], w["norm2.bias"])
    two = emb @ w["emb_proj.weight"].T + w["emb_proj.bias"]
    h = h + h * two[:, :out].reshape(-1, out, 1, 1) + two[:, out:].reshape(-1, out, 1, 1)
    wanted = F.conv2d(h * h.sigmoid(), w["conv2.weight"], w["conv2.bias"], padding=1)
    wanted = wanted + (x if shape[1] == out else F.conv2d(x, w["skip.weight"], w["skip.bias"]))
    got = block(x, emb)
    assert got is not None and got.dtype == dtype, f"the dtype of x, {dtype}"
    loose = 1e-6 if dtype == torch.float64 else 1e-3
    assert_close(got, wanted, rtol=loose, atol=loose, msg=f"wrong for x of shape {shape}")
    assert got.requires_grad, "no gradient"
    leaves = [x, emb, *w.values()]
    pull = torch.randn(wanted.shape, generator=g, dtype=dtype)
    truth = torch.autograd.grad((wanted * pull).sum(), leaves)
    for slope, true in zip(
        torch.autograd.grad((got * pull).sum(), leaves, allow_unused=True), truth
    ):
        assert slope is not None, "no gradient"
        assert_close(slope, true, rtol=10 * loose, atol=20 * loose, msg=f"the gradient, {shape}")
block = ResidualBlock(3, 3, 2, dropout=0.5).double()
with torch.no_grad():
    for weight in block.parameters():
        weight.copy_(0.4 * torch.randn(weight.shape, generator=g, dtype=torch.float64))
    x = torch.randn(4, 3, 4, 4, generator=g, dtype=torch.float64)
    emb = torch.randn(4, 2, generator=g, dtype=torch.float64)
    assert not torch.equal(block(x, emb), block(x, emb)), "dropout, in training mode"
    block.eval()
    assert torch.equal(block(x, emb), block(x, emb)), "no dropout in evaluation mode"

# %% [markdown]
# ## Part C · The two algorithms
#
# ### Exercise 4 · Algorithm 1: training
#
# *difficulty 3 of 5 · importance 5 of 5 · 25 minutes*
#
# A guessing game, played with every row of the batch at once. Noise is added to a picture, and the
# network has to say which:
#
# $$\mathcal L = \frac1{B\,D}\sum_{i=1}^{B}w(t_i)\,\bigl\|\,\varepsilon_i -
# \varepsilon_\theta\bigl(\sqrt{\bar\alpha_{t_i}}\,x_i+\sqrt{1-\bar\alpha_{t_i}}\,\varepsilon_i,\;t_i\bigr)\bigr\|^2 .$$
#
# 1. For **each row** a step, uniformly from 1 to T, both included.
# 2. For **each entry** of `x0` a draw of $\mathcal N(0,1)$. Both draws use `generator`.
# 3. The noisy batch, and what the model makes of it and the steps.
# 4. The target: the noise, or what `predicts` names. `training_target` knows it.
# 5. The squared errors: a **mean** over the entries of each row, times `weight(t)` if a weight is
#    given (a function from `(B,)` to `(B,)`), then the mean over the batch.
#
# A mean over entries, not a sum: the loss is then near 1 for a network that says nothing, whatever the
# size of the pictures. (Bounds such as the ELBO are sums. This is no bound.)
#
# *Predict first:* a network that always answers 0. What is its loss, if `predicts` is `"eps"`?
#
# <details><summary>Hint 1</summary>
#
# `torch.randint(low, high, size)` never gives `high`. And $x_0$ has any number of axes: its noise has
# its shape.
# </details>
# <details><summary>Hint 2</summary>
#
# `q_sample(x0, t, eps, schedule)` makes the noisy batch. `a.flatten(1).mean(1)` is a mean for each row.
# Draw the noise in the dtype of `x0`.
# </details>

# %% answer="ddpm_loss"
from dgm.ddpm import ddpm_loss  # exercise

# %% check="ddpm_loss" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T, n = 4, 60
schedule = NoiseSchedule(torch.tensor([0, 0.15, 0.25, 0.4, 0.5], dtype=torch.float64))
root, rest = schedule.alpha_bar.sqrt(), (1 - schedule.alpha_bar).sqrt()
gain = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
seen = []


def model(xt, t):  # keeps what it is shown; its prediction depends on xt and t
    seen.append((xt.detach().clone(), torch.as_tensor(t).clone()))
    return gain * xt + 0.1 * torch.as_tensor(t).reshape(-1, *[1] * (xt.dim() - 1))


def heavy(t):
    return 1.0 + torch.as_tensor(t).double() ** 2


x0 = 2 * torch.rand(n, 3, 4, 4, generator=g, dtype=torch.float64) - 0.7
before, noises, steps = x0.clone(), [], []
for options in ({}, {"predicts": "x0"}, {"predicts": "v", "weight": heavy}, {"weight": heavy}):
    seen.clear()
    said = ", ".join(k if callable(v) else f"{k}={v!r}" for k, v in options.items()) or "no option"
    loss = ddpm_loss(model, x0, schedule, g, **options)
    assert loss is not None, "ddpm_loss returned None: did you forget `return`?"
    assert torch.is_tensor(loss) and loss.requires_grad, (
        "nothing can be trained on this: return a tensor with its graph, no .item(), no no_grad, no .detach()"
    )
    assert loss.numel() == 1, (
        f"one number is wanted, got shape {tuple(loss.shape)}: take the mean over the batch"
    )
    assert torch.equal(x0, before), "ddpm_loss has changed the x0 it was given"
    t = torch.cat([k.reshape(-1) for _, k in seen])
    xt = torch.cat([x for x, _ in seen])
    assert xt.shape == x0.shape, (
        f"the model saw xt of shape {tuple(xt.shape)}, wanted {tuple(x0.shape)}"
    )
    assert len(t) == n, f"{n} rows need {n} steps, t of shape ({n},); the model was told {len(t)}"
    assert not t.is_floating_point(), "the model is told the step itself, a whole number, not t / T"
    assert t.min() >= 1, "the model was told step 0: steps run from 1 to T"
    assert t.max() <= T, f"the model was told step {int(t.max())}, and T is {T}"
    assert len(t.unique()) > 1, "one step for the whole batch: draw one for each row"
    k = t.view(-1, 1, 1, 1)
    eps = (xt - root[k] * x0) / rest[k]  # the noise that you used, if xt is right
    noises.append(eps)
    steps.append(t)
    target = {"x0": x0, "v": root[k] * eps - rest[k] * x0}.get(options.get("predicts"), eps)
    out = gain * xt + 0.1 * k
    each = ((target - out) ** 2).flatten(1)
    w = heavy(t) if "weight" in options else torch.ones(n, dtype=torch.float64)
    wanted = (w * each.mean(1)).mean()
    if not torch.allclose(loss.double(), wanted, rtol=1e-5):
        errors = {name: ((value - out) ** 2).flatten(1).mean(1) for name, value in (
            ("eps", eps), ("x0", x0), ("xt - x0", xt - x0))}  # fmt: skip
        for mistake, value in (
            ("a sum over the entries of a row; their mean is wanted", (w * each.sum(1)).mean()),
            ("a sum over the batch; its mean is wanted", wanted * n),
            ("a sum over everything; the loss is a mean over batch and entries", wanted * each.numel()),
            ("no half before the square", wanted / 2),
            ("the root is one too many: the mean of squares is wanted", wanted.sqrt()),
            ("absolute errors; squares are wanted", (w * each.sqrt().mean(1)).mean()),
            ("the weight is not used", each.mean()),
            ("the weights are not divided by their sum", (w * each.mean(1)).sum() / w.sum()),
            ("the weight stands outside of the square", (w**2 * each.mean(1)).mean()),
            ("each row's error is multiplied by its own weight, before the mean", w.mean() * each.mean()),
            ("the target is eps, and x0 has been taken", (w * errors["x0"]).mean()),
            ("predicts is not used: the target is still eps", (w * errors["eps"]).mean()),
            ("the target is eps itself; xt - x0 is another thing", (w * errors["xt - x0"]).mean()),
        ):  # fmt: skip
            assert not torch.allclose(loss.double(), value, rtol=1e-5), f"with {said}: {mistake}"
    if torch.allclose(loss.double(), wanted, rtol=1e-5):
        (slope,) = torch.autograd.grad(loss, gain)
        truth = torch.autograd.grad(wanted, gain)[0]
        assert torch.allclose(slope, truth, rtol=1e-4), "the value is right and the gradient is not"
    elif options:
        break
same = [torch.Generator().manual_seed(SEED + 1) for _ in range(2)]
one, again = (ddpm_loss(model, x0[:9], schedule, s).item() for s in same)
assert one == again, "the same generator state gave another loss: hand generator to all that draws"
assert ddpm_loss(model, x0[:9], schedule, same[0]).item() != one, (
    "a second call gave the same loss: set no seed inside"
)
eps, t = torch.cat(noises), torch.cat(steps)
N, m, two = eps.numel(), len(t), 0.0455


def shown(table_a, table_b):
    """How far what the model saw is from table_a x0 + table_b times noise: about 1 if that is it."""
    far = 0.0
    for step in t[:n].unique():
        x, y = x0[t[:n] == step], first_xt[t[:n] == step]
        a = (x * y).sum() / (x * x).sum()
        b = ((y - a * x) ** 2).mean().sqrt()
        unit = table_b[step] + 0.02
        far = max(far, float((a - table_a[step]).abs() * (x * x).sum().sqrt() / unit) / 6,
                  float((b / unit - table_b[step] / unit).abs() * math.sqrt(2 * x.numel())) / 6)  # fmt: skip
    return far


first_xt = root[t[:n]].view(-1, 1, 1, 1) * x0 + rest[t[:n]].view(-1, 1, 1, 1) * eps[:n]
assert (eps[:n] - eps[:1]).abs().max() > 1e-6, (
    "one noise for the whole batch: draw it in the shape of x0"
)
assert (eps - eps[:, :1, :1, :1]).abs().max() > 1e-6, (
    "one number of noise for each row: draw it in the shape of x0"
)
bad = [
    abs(eps.mean()) > 6 / math.sqrt(N),
    abs(eps.var() - 1) > 6 * math.sqrt(2 / N),
    abs((eps * torch.cat([x0] * len(noises))).mean())
    > 6 * x0.square().mean().sqrt() / math.sqrt(N),
]
if any(bad):
    ab, alpha, none = schedule.alpha_bar, schedule.alpha, torch.zeros(T + 1, dtype=torch.float64)
    for mistake, a, b in (
        ("the model is shown x0, without noise", none + 1, none),
        ("the model is shown the noise alone", none, none + 1),
        ("alpha in place of alpha_bar: this is a single step", alpha.sqrt(), schedule.beta.sqrt()),
        ("both square roots are missing", ab, 1 - ab),
        ("1 - alpha_bar is a variance: take its square root", root, 1 - ab),
        ("the square root of alpha_bar is missing", ab, rest),
        ("signal and noise have changed places", rest, root),
        ("the noise's share is sqrt(1 - alpha_bar), not sqrt(beta)", root, schedule.beta.sqrt()),
        ("the model is told another step than the one that x0 was noised to: t off by one", root.roll(1), rest.roll(1)),
        ("the model is told another step than the one that x0 was noised to: t off by one", root.roll(-1), rest.roll(-1)),
    ):  # fmt: skip
        assert shown(a, b) > 1, mistake
    assert not (eps.std() - 1 / math.sqrt(12)).abs() < 0.1, (
        "rand gives numbers from 0 to 1: randn is normal"
    )
    raise AssertionError(
        f"xt should be sqrt(alpha_bar) x0 + sqrt(1 - alpha_bar) eps. Solved for eps it has mean {eps.mean():.3f} "
        f"and variance {eps.var():.3f}, in place of 0 and 1"
    )
assert abs((eps.abs() > 2).double().mean() - two) < 6 * math.sqrt(two * (1 - two) / N), (
    "the noise should be normal: randn, not a stretched rand"
)
assert (eps[1:] * eps[:-1]).mean().abs() < 6 / math.sqrt(N), "the rows' noises are correlated"
assert torch.allclose(loss.double(), wanted, rtol=1e-5), (
    f"with {said} and what your model saw it should be {wanted.item():.5f}, got {loss.item():.5f}"
)
counts = torch.bincount(t, minlength=T + 1)[1:]
assert counts[-1] > 0, "step T never comes up: the upper end of randint is not included"
assert (counts - m / T).abs().max() < 6 * math.sqrt(m * (T - 1)) / T, (
    f"of {m} steps 1, ..., {T} come up {counts.tolist()} times: draw them uniformly"
)
seen.clear()
ddpm_loss(model, x0[:3].float(), schedule, g)
assert seen[0][0].dtype == torch.float32, (
    f"x0 is float32, and the model is shown {seen[0][0].dtype}: a network would refuse. `at` casts for you"
)


# %% hidden="ddpm_loss" points=2
# Hidden check, 2 points: points and pictures, one row, float32, other schedules and weights, a network,
# how often each step comes up.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for shape, T, dtype, options in (
    ((30, 5), 3, torch.float64, {}),
    ((1, 2), 30, torch.float64, {"predicts": "v"}),
    ((20, 1, 4, 2), 7, torch.float32, {"predicts": "x0", "weight": lambda t: 1 / t}),
    ((20, 2, 3), 2, torch.float64, {"weight": lambda t: 3.0 - t}),
):
    beta = 0.05 + 0.4 * torch.rand(T + 1, generator=g, dtype=torch.float64)
    beta[0] = 0
    schedule = NoiseSchedule(beta)
    net = nn.Sequential(
        nn.Flatten(), nn.Linear(math.prod(shape[1:]), math.prod(shape[1:])), nn.Tanh()
    )
    net, seen = net.to(dtype), []

    def model(xt, t):
        seen.append((xt.detach().clone(), t.clone()))
        return (net(xt.to(net[1].weight.dtype)) + (0.05 * t).to(xt.dtype).view(-1, 1)).view(
            xt.shape
        )

    x0 = torch.randn(shape, generator=g, dtype=dtype)
    loss = ddpm_loss(model, x0, schedule, g, **options)
    assert torch.is_tensor(loss) and loss.numel() == 1 and loss.requires_grad, (
        "one number with its graph"
    )
    xt, t = torch.cat([x for x, _ in seen]), torch.cat([k for _, k in seen])
    assert xt.dtype == dtype and xt.shape == shape and t.shape == shape[:1], (
        "what the model is shown"
    )
    assert not t.is_floating_point(), "whole steps"
    k = t.view(-1, *[1] * (len(shape) - 1))
    a, b = (
        table.to(dtype)[k] for table in (schedule.alpha_bar.sqrt(), (1 - schedule.alpha_bar).sqrt())
    )
    eps = (xt - a * x0) / b
    target = {"x0": x0, "v": a * eps - b * x0}.get(options.get("predicts"), eps)
    error = ((target - model(xt, t)) ** 2).flatten(1).mean(1)
    wanted = (options.get("weight", torch.ones_like)(t).to(dtype) * error).mean()
    assert_close(
        loss.reshape(()),
        wanted,
        rtol=1e-3,
        atol=1e-4,
        check_dtype=False,
        msg=f"wrong for x0 of shape {shape}",
    )
    weights = list(net.parameters())
    truth = torch.autograd.grad(wanted, weights)
    for slope, true in zip(torch.autograd.grad(loss, weights, allow_unused=True), truth):
        assert slope is not None, "no gradient"
        assert_close(slope, true, rtol=1e-2, atol=1e-3, msg=f"the gradient, x0 of shape {shape}")
T, schedule, told = 3, NoiseSchedule(torch.tensor([0, 0.2, 0.3, 0.4], dtype=torch.float64)), []


def listener(xt, t):
    told.append(t.clone())
    return xt


x0 = torch.zeros(200, 1, dtype=torch.float64)
assert abs(ddpm_loss(listener, x0, schedule, g).item() - 0.14) < 0.2, (
    "eps against xt, data of zeros"
)
counts = torch.bincount(torch.cat(told), minlength=T + 1)[1:]
assert (counts - 200 / 3).abs().max() < 6 * math.sqrt(200 * 2) / 3, "all steps are equally likely"
assert torch.isfinite(ddpm_loss(listener, x0[:5], schedule)), "without a generator"


# %% [markdown]
# ### Exercise 5 · One step back
#
# *difficulty 2 of 5 · importance 5 of 5 · 20 minutes*
#
# Line 4 of Algorithm 2. The network has said which noise it sees, and we take a little of it off. Then
# fresh noise goes on, less than came off:
#
# $$x_{t-1} = \frac1{\sqrt{\alpha_t}}\Bigl(x_t-\frac{\beta_t}{\sqrt{1-\bar\alpha_t}}\,\hat\varepsilon\Bigr)
# + \sigma_t z,\qquad \sigma_t^2=\beta_t\ \text{ or }\ \tilde\beta_t .$$
#
# 1. The mean. (`posterior_mean_from_eps` is it.)
# 2. $\sigma_t$: the root of `schedule.beta` where `variance` is `"beta"`, of `schedule.beta_tilde` where
#    it is `"beta_tilde"`.
# 3. In rows whose $t$ is 1, **no noise**: what comes out is the picture.
#
# The rows may stand at different steps. `z` is given, so draw nothing.
#
# *Predict first:* $\tilde\beta_1$ is 0. So for which of the two variances does point 3 need any care?
#
# <details><summary>Hint 1</summary>
#
# Three different quantities: $\alpha_t$, $\bar\alpha_t$, $\beta_t$. Two of them stand under a root, and
# $\sigma_t$ is the root of a variance.
# </details>
# <details><summary>Hint 2</summary>
#
# One way: make the table of $\sigma$, set its entry 1 to 0, then `at(sigma, t, xt)`. (Make a new table
# first: the schedule's own is not yours to change.) Another: `torch.where` with `(t == 1)`, shaped as `at` shapes.
# </details>

# %% answer="ddpm_step"
from dgm.ddpm import ddpm_step  # exercise

# %% check="ddpm_step" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T = 5
beta = 0.1 + 0.35 * torch.rand(T + 1, generator=g, dtype=torch.float64)
beta[0] = 0
schedule = NoiseSchedule(beta)
t = torch.tensor([3, 1, 5, 2, 4, 1])[torch.randperm(6, generator=g)]
xt, eps_hat, z = three = torch.randn(3, 6, 2, 3, generator=g, dtype=torch.float64)
before = three.clone()


def entry(table, steps=t):
    return torch.stack([table[k] for k in steps.tolist()]).view(6, 1, 1)


def step(kind, steps=t, **other):
    """Line 4 by way of x0_hat, or with one of its parts replaced."""
    b, a, ab, past = (
        entry(k, steps)
        for k in (schedule.beta, schedule.alpha, schedule.alpha_bar, schedule.alpha_bar.roll(1))
    )
    x0_hat = (xt - (1 - ab).sqrt() * eps_hat) / ab.sqrt()
    mean = (past.sqrt() * b * x0_hat + a.sqrt() * (1 - past) * xt) / (1 - ab)
    var = b if kind == "beta" else (1 - past) / (1 - ab) * b
    sigma = var.sqrt() * (steps > 1).view(6, 1, 1)
    return other.get("mean", mean) + other.get("sigma", sigma) * z


tables = [
    entry(k) for k in (schedule.beta, schedule.alpha, schedule.alpha_bar, schedule.beta_tilde)
]
b, a, ab, tilde = tables
tables_before = [k.clone() for k in (schedule.beta, schedule.beta_tilde, schedule.alpha_bar)]
for variance in ("beta", "beta_tilde"):
    got = ddpm_step(xt, t, eps_hat, z, schedule, variance=variance)
    assert got is not None, "ddpm_step returned None: did you forget `return`?"
    assert got.shape == xt.shape, f"shape {tuple(xt.shape)} is wanted, got {tuple(got.shape)}"
    assert torch.equal(three, before), (
        "ddpm_step has changed what it was given: no `-=`, work on a copy"
    )
    assert all(
        map(torch.equal, tables_before, (schedule.beta, schedule.beta_tilde, schedule.alpha_bar))
    ), "ddpm_step has changed the schedule's tables: make a new one"
    assert not got.isnan().any(), (
        "NaN: is a table read at entry 0, clean data? Entry t belongs to step t"
    )
    assert torch.equal(ddpm_step(xt, t, eps_hat, z, schedule, variance=variance), got), (
        "twice the same z gave two samples: draw no noise, use the z you are given"
    )
    wanted, other = step(variance), "beta_tilde" if variance == "beta" else "beta"
    if torch.allclose(got.double(), wanted, rtol=1e-5, atol=1e-6):
        continue
    on, var = (t > 1).view(6, 1, 1), b if variance == "beta" else tilde
    x0_hat, past = (xt - (1 - ab).sqrt() * eps_hat) / ab.sqrt(), entry(schedule.alpha_bar.roll(1))
    swapped = (past.sqrt() * b * xt + a.sqrt() * (1 - past) * x0_hat) / (1 - ab)
    first = t[:1].expand(6)
    for mistake, value in (
        ("noise is added in rows whose t is 1: the last step adds none", step(variance, sigma=var.sqrt())),
        ("no noise is added at all: z is not used", step(variance, sigma=0)),
        (f"this is the step with variance {other!r}", step(other)),
        ("sigma is the root of the variance", step(variance, sigma=on * var)),
        ("the square root of 1 - alpha_bar is missing", step(variance, mean=(xt - b / (1 - ab) * eps_hat) / a.sqrt())),
        ("1 - alpha_bar stands under the root, not 1 - alpha", step(variance, mean=(xt - b / (1 - a).sqrt() * eps_hat) / a.sqrt())),
        ("divided by sqrt(alpha), not by sqrt(alpha_bar)", step(variance, mean=(xt - b / (1 - ab).sqrt() * eps_hat) / ab.sqrt())),
        ("divided by the root of alpha, not by alpha", step(variance, mean=(xt - b / (1 - ab).sqrt() * eps_hat) / a)),
        ("divided by sqrt(alpha), not multiplied", step(variance, mean=(xt - b / (1 - ab).sqrt() * eps_hat) * a.sqrt())),
        ("not divided by sqrt(alpha)", step(variance, mean=xt - b / (1 - ab).sqrt() * eps_hat)),
        ("brackets: all of it is divided by sqrt(alpha), not the noise alone", step(variance, mean=xt - b / (1 - ab).sqrt() * eps_hat / a.sqrt())),
        ("beta stands before eps_hat, not its root", step(variance, mean=(xt - (b / (1 - ab)).sqrt() * eps_hat) / a.sqrt())),
        ("this takes all the noise off at once; one step's worth is wanted", step(variance, mean=x0_hat)),
        ("the noise is taken off, not added", step(variance, mean=(xt + b / (1 - ab).sqrt() * eps_hat) / a.sqrt())),
        ("the coefficients of x0_hat and xt have changed places", step(variance, mean=swapped)),
        ("each row has its own step; this is the first row's for all", step(variance, first)),
        ("noise in all rows as soon as one has t > 1; look at each row's own t", step(variance, sigma=var.sqrt())),
        ("noise in no row as soon as one has t = 1; look at each row's own t", step(variance, sigma=0)),
    ):  # fmt: skip
        assert not torch.allclose(got.double(), value, rtol=1e-5, atol=1e-6), (
            f"variance={variance!r}: {mistake}"
        )
    late = step(variance, (t - 1).clamp(min=1))
    assert not torch.allclose(got[t > 2].double(), late[t > 2], rtol=1e-5, atol=1e-6), (
        "t off by one: entry t of a table belongs to step t"
    )
    raise AssertionError(
        f"variance={variance!r}, t = {int(t[0])}: the first row should be {wanted[0].tolist()}, got {got[0].tolist()}"
    )
assert torch.equal(ddpm_step(xt, t, eps_hat, z, schedule), got), '"beta_tilde" is the default'
small = [k.float() for k in three]
got = ddpm_step(small[0], t, *small[1:], schedule)
assert got.dtype == torch.float32, f"float32 in, {got.dtype} out: cast the tables, as `at` does"


# %% hidden="ddpm_step" points=2
# Hidden check, 2 points: points and pictures, one row, float32, other schedules, the last step, T = 1.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, T, dtype in (
    ((7, 3), 4, torch.float64),
    ((5, 2, 3, 4), 50, torch.float64),
    ((1, 1), 2, torch.float64),
    ((4, 1, 5, 5), 9, torch.float32),
    ((3, 2), 1, torch.float64),
):
    beta = 0.02 + 0.3 * torch.rand(T + 1, generator=g, dtype=torch.float64)
    beta[0] = 0
    schedule = NoiseSchedule(beta)
    t = torch.randint(1, T + 1, shape[:1], generator=g)
    for steps in (t, torch.ones_like(t)):
        xt, eps_hat, z = torch.randn(3, *shape, generator=g, dtype=dtype)
        for variance in ("beta", "beta_tilde"):
            got = ddpm_step(xt, steps, eps_hat, z, schedule, variance=variance)
            assert got is not None and got.dtype == dtype, f"the dtype of xt, {dtype}"
            for i, k in enumerate(steps.tolist()):
                ab, past = float(schedule.alpha_bar[k]), float(schedule.alpha_bar[k - 1])
                b = 1 - ab / past
                x0_hat = (xt[i] - math.sqrt(1 - ab) * eps_hat[i]) / math.sqrt(ab)
                var = 0 if k == 1 else b if variance == "beta" else b * (1 - past) / (1 - ab)
                weight = (
                    math.sqrt(past) * b / (1 - ab),
                    math.sqrt(ab / past) * (1 - past) / (1 - ab),
                )
                wanted = weight[0] * x0_hat + weight[1] * xt[i] + math.sqrt(var) * z[i]
                assert_close(got[i], wanted, rtol=1e-4, atol=1e-4, check_dtype=False,
                    msg=f"wrong at step {k} of {T}, variance {variance}, xt of shape {shape}")  # fmt: skip


# %% [markdown]
# ### Exercise 6 · Algorithm 2: sampling
#
# *difficulty 2 of 5 · importance 5 of 5 · 20 minutes*
#
# The way back. It begins with noise and calls the network $T$ times.
#
# 1. $x_T\sim\mathcal N(0,I)$: `start(model, schedule, shape, generator, dtype)`.
# 2. For $t = T, T-1, \dots, 1$, the same for all rows, but still a tensor `(B,)`:
#    - `estimate(model, xt, t, schedule, predicts, clip)` asks the model and gives
#      `(eps_hat, x0_hat)`, whatever the model predicts. With `clip` it keeps `x0_hat` in a range.
#    - fresh $z\sim\mathcal N(0,I)$ from `generator`,
#    - your `ddpm_step`, with the `variance` asked for.
# 3. Return what the last step gave.
#
# The line above the `def` switches gradients off. The check judges this exercise together with your
# exercise 5: mend that first.
#
# *Predict first:* all data are one point, and the model knows the exact noise. Where does the sampler
# end, whatever the $z$'s were? (It is $\hat x_0$ that the last step returns.)
#
# <details><summary>Hint 1</summary>
#
# `range(a, b, -1)` never gives `b`.
# </details>
# <details><summary>Hint 2</summary>
#
# `torch.full((len(x),), 7)` is the number 7 for each row. A new $z$ in each turn of the loop, in the
# shape and dtype of `x`.
# </details>

# %% answer="ddpm_sample"
from dgm.ddpm import ddpm_sample  # exercise

# %% check="ddpm_sample" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T, n = 6, 12
schedule = NoiseSchedule(torch.tensor([0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5], dtype=torch.float64))
root, rest = schedule.alpha_bar.sqrt(), (1 - schedule.alpha_bar).sqrt()
seen = []


def model(xt, t):  # knows no truth: some smooth function. It keeps what it is shown
    seen.append((xt.clone(), torch.as_tensor(t).clone()))
    return 2 * torch.sin(2 * xt) + 0.1 * torch.as_tensor(t).reshape(-1, *[1] * (xt.dim() - 1))


def expected(xt, t, predicts="eps", clip=None):
    """eps_hat as it follows from what the model says."""
    out = 2 * torch.sin(2 * xt) + 0.1 * t
    x0_hat = {"eps": (xt - rest[t] * out) / root[t], "x0": out, "v": root[t] * xt - rest[t] * out}[
        predicts
    ]
    x0_hat = x0_hat if clip is None else x0_hat.clamp(*clip)
    return (xt - root[t] * x0_hat) / rest[t]


def mean_and_sigma(xt, t, eps_hat, variance):
    """What follows step t, without its noise."""
    b, keep = float(schedule.beta[t]), float(schedule.alpha[t]) ** 0.5
    var = b if variance == "beta" else float(schedule.beta_tilde[t])
    return (xt - b / rest[t] * eps_hat) / keep, (var if t > 1 else 0.0) ** 0.5


def normal(z):
    """Whether z could be draws of N(0, 1), by mean and variance: six and seven standard errors."""
    N = z.numel()
    return bool(z.mean().abs() < 6 / math.sqrt(N) and (z.var() - 1).abs() < 7 * math.sqrt(2 / N))


same = [torch.Generator().manual_seed(SEED + 1) for _ in range(2)]
pair = [ddpm_sample(model, schedule, (3, 2), one, dtype=torch.float64) for one in same]
assert pair[0] is not None, "ddpm_sample returned None: did you forget `return`?"
assert torch.is_tensor(pair[0]), (
    f"the last sample is wanted, a tensor, not a {type(pair[0]).__name__}"
)
assert torch.equal(*pair), (
    "the same generator state gave another sample: hand generator to all that draws"
)
again = ddpm_sample(model, schedule, (3, 2), same[0], dtype=torch.float64)
assert not torch.equal(again, pair[0]), "a second call gave the same sample: set no seed inside"
for options in (
    {},
    {"variance": "beta"},
    {"predicts": "x0", "clip": (-0.3, 0.4)},
    {"predicts": "v"},
):
    seen.clear()
    said = ", ".join(f"{k}={v!r}" for k, v in options.items()) or "no option"
    got = ddpm_sample(model, schedule, (n, 4, 6), g, dtype=torch.float64, **options)
    assert got is not None, "ddpm_sample returned None: did you forget `return`?"
    assert torch.is_tensor(got), f"the last sample is wanted, a tensor, not a {type(got).__name__}"
    assert got.shape == (n, 4, 6), f"shape {(n, 4, 6)} is wanted, got {tuple(got.shape)}"
    assert got.dtype == torch.float64, (
        f"dtype=torch.float64 was asked for, got {got.dtype}: hand dtype on"
    )
    assert all(k.shape == x.shape[:1] for x, k in seen), "t is one number for each row, shape (B,)"
    told = [int(k[0]) for x, k in seen]
    rounds = n if len(told) == n * T else 1  # one sample after the other will do, too
    assert all(bool((k == k[0]).all()) for _, k in seen), (
        "all rows of a call stand at the same step"
    )
    wanted = list(range(T, 0, -1)) * rounds
    if told != wanted:
        for mistake, order in (
            ("from noise to data t falls; this runs from 1 to T", list(range(1, T + 1))),
            (
                "the last step, t = 1, is left out: range ends before its second number",
                list(range(T, 1, -1)),
            ),
            ("the first step, t = T, is left out", list(range(T - 1, 0, -1))),
            ("the model is told t - 1: steps run from 1 to T", list(range(T - 1, -1, -1))),
            ("the loop ends after its first turn: look where `return` or `break` stands", [T]),
        ):
            assert told != order, mistake
        raise AssertionError(f"T is {T}; the model should be asked at {wanted}, and was at {told}")
    x = [torch.cat([seen[r * T + i][0] for r in range(rounds)]) for i in range(T)]  # x_T, ..., x_1
    assert x[0].std() > 1e-6, "x_T is the same everywhere: draw it"
    assert (x[0] - x[0][:1]).abs().max() > 1e-6, "all rows begin with the same noise"
    assert normal(x[0]), (
        f"x_T should be draws of N(0, 1); its mean is {x[0].mean():.3f}, its variance {x[0].var():.3f}"
    )
    means, zs, others = [], [], []
    variance = options.get("variance", "beta_tilde")
    plan = {k: v for k, v in options.items() if k != "variance"}
    for i, t in enumerate(range(T, 0, -1)):
        mean, sigma = mean_and_sigma(x[i], t, expected(x[i], t, **plan), variance)
        means.append(mean)
        if t > 1:
            zs.append((x[i + 1] - mean) / sigma)  # the noise that you used, if all else is right
            other = "beta" if variance == "beta_tilde" else "beta_tilde"
            others.append(zs[-1] * sigma / mean_and_sigma(x[i], t, x[i], other)[1])
    z = torch.stack(zs)
    assert z.abs().max() > 1e-6, f"with {said}: no noise is added on the way. Draw a z in each step"
    assert (z - z[:, :1]).abs().max() > 1e-6, "one z for the whole batch: draw it in the shape of x"
    assert (z - z[..., :1, :1]).abs().max() > 1e-6, (
        "one z for a whole row: draw it in the shape of x"
    )
    if all(map(normal, zs)) and normal(z):
        assert torch.allclose(got, means[-1], rtol=1e-5, atol=1e-6), (
            f"with {said}: all steps are right but the last. It adds no noise, and what it gives is returned as it is"
        )
    else:
        for mistake, wrong in (
            ("what the model predicts is taken for the noise: hand predicts on", {**plan, "predicts": "eps", "clip": None}),
            ("what the model predicts is taken for the noise: hand predicts on", {**plan, "predicts": "eps"}),
            ("clip is not used: hand it on to estimate, which clips x0_hat and nothing else", {**plan, "clip": None}),
            ("something is clipped, and nobody asked for it", {**plan, "clip": (-1, 1)}),
        ):  # fmt: skip
            mean = mean_and_sigma(x[-1], 1, expected(x[-1], 1, **wrong), variance)[0]
            no_news = torch.allclose(mean, means[-1], rtol=1e-5, atol=1e-6)
            assert no_news or not torch.allclose(got, mean, rtol=1e-5, atol=1e-6), (
                f"with {said}: {mistake}"
            )
        assert not all(map(normal, others)), (
            f"with {said}: the steps have the other variance. Hand variance on to ddpm_step"
        )
        assert not abs(z.std() - 1 / math.sqrt(12)) < 0.03, (
            "rand gives numbers from 0 to 1: z is normal, randn"
        )
        mean, sigma = mean_and_sigma(x[0], 2, expected(x[-2], 2, **plan), variance)
        assert not normal((x[-1] - mean) / sigma), (
            "every step begins at x_T again: put the result into x"
        )
        raise AssertionError(
            f"with {said}: a step from t to t - 1 is not line 4 of Algorithm 2. Solved for z, it has mean "
            f"{z.mean():.3f} and variance {z.var():.3f} in place of 0 and 1. Is it your ddpm_step, with eps_hat and this t?"
            + (" clip is for x0_hat alone, in each step" if "clip" in plan else "")
        )
    tails, two = (z.abs() > 2).double().mean(), 0.0455
    assert abs(tails - two) < 6 * math.sqrt(two * (1 - two) / z.numel()), (
        "z should be normal: randn, not a stretched rand"
    )
    flat = torch.stack([x[0], *zs]).flatten(1)
    assert (flat[1:] - flat[1]).abs().max() > 1e-6, (
        "the same z in every step: draw it inside of the loop"
    )
    assert torch.corrcoef(flat).fill_diagonal_(0).abs().max() < 6 / math.sqrt(flat.shape[1]), (
        "the noises of different steps are correlated: draw a fresh z in each step, and do not use x_T again"
    )
    assert (z[:, 1:] * z[:, :-1]).mean().abs() < 6 / math.sqrt(z.numel()), (
        "the rows' noises are correlated"
    )
point = 0.7
end = ddpm_sample(
    lambda xt, t: (xt - root[t].view(-1, 1) * point) / rest[t].view(-1, 1),
    schedule,
    (4, 2),
    g,
    dtype=torch.float64,
)
assert torch.allclose(end, torch.full_like(end, point), rtol=1e-6), (
    f"all data are {point}, and the model knows the exact noise: the sampler should end there, and ends at {end[0].tolist()}"
)


# %% hidden="ddpm_sample" points=2
# Hidden check, 2 points: Gaussian data, whose mean and spread after each step are known; pictures, one
# step, float32, clipping, data and velocity prediction.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for T, center, spread, variance, predicts in (
    (5, 0.0, 1.0, "beta", "eps"),
    (5, 2.0, 2.0, "beta_tilde", "eps"),
    (3, -1.0, 0.5, "beta", "v"),
    (4, 1.0, 1.5, "beta_tilde", "x0"),
):
    beta = 0.1 + 0.4 * torch.rand(T + 1, generator=g, dtype=torch.float64)
    beta[0] = 0
    schedule = NoiseSchedule(beta)
    ab, asked = schedule.alpha_bar, []

    def exact(xt, t, ab=ab, m=center, s=spread, predicts=predicts):
        """E[x0 | xt] for data N(m, s^2), as the kind of prediction that is asked for."""
        asked.append(t.clone())
        a = ab[t].view(-1, 1, 1)
        x0 = m + a.sqrt() * s**2 / (a * s**2 + 1 - a) * (xt - a.sqrt() * m)
        eps = (xt - a.sqrt() * x0) / (1 - a).clamp(min=1e-12).sqrt()
        return {"eps": eps, "x0": x0, "v": a.sqrt() * eps - (1 - a).sqrt() * x0}[predicts]

    mean, var = 0.0, 1.0
    for t in range(T, 0, -1):  # the moments of Algorithm 2, step by step
        a, b, al = float(ab[t]), float(beta[t]), 1 - float(beta[t])
        total = a * spread**2 + 1 - a
        slope = (1 - b / total) / math.sqrt(al)
        shift = b * math.sqrt(a) * center / total / math.sqrt(al)
        noise = 0 if t == 1 else b if variance == "beta" else float(schedule.beta_tilde[t])
        mean, var = slope * mean + shift, slope**2 * var + noise
    x = ddpm_sample(
        exact, schedule, (10, 8, 10), g, predicts=predicts, variance=variance, dtype=torch.float64
    )
    assert torch.is_tensor(x) and x.shape == (10, 8, 10) and x.dtype == torch.float64, (
        "shape and dtype"
    )
    assert set(torch.cat(asked).tolist()) == set(range(1, T + 1)), "each step is visited"
    N = x.numel()
    assert (x.mean() - mean).abs() < 6 * math.sqrt(var / N), f"the mean, {variance}, {predicts}"
    assert (x.var() / var - 1).abs() < 6 * math.sqrt(2 / N), f"the variance, {variance}, {predicts}"
    assert (x[1:] - mean).mul(x[:-1] - mean).mean().abs() < 6 * var / math.sqrt(N), (
        "independent rows"
    )
    x = x.flatten(1) - mean
    assert (x[:, 1:] * x[:, :-1]).mean().abs() < 6 * var / math.sqrt(N), "independent entries"
schedule = NoiseSchedule(torch.tensor([0, 0.2, 0.3, 0.9], dtype=torch.float64))
for predicts in ("eps", "x0", "v"):
    x = ddpm_sample(
        lambda xt, t: 3 * xt,
        schedule,
        (5, 1, 3, 2),
        g,
        predicts=predicts,
        clip=(-0.5, 0.25),
        dtype=torch.float64,
    )
    assert x.min() >= -0.5 - 1e-9 and x.max() <= 0.25 + 1e-9, (
        "the last x0_hat lies in the range of clip"
    )
    x = ddpm_sample(
        lambda xt, t: 0 * xt + 2, schedule, (4, 2), g, predicts="x0", dtype=torch.float64
    )
    assert (x - 2).abs().max() < 1e-9, "a model that says x0 = 2 is believed; nothing is clipped"
one = NoiseSchedule(torch.tensor([0, 0.3], dtype=torch.float64))
x = ddpm_sample(lambda xt, t: 0.5 * xt, one, (5, 80), g, dtype=torch.float64)
factor = (1 - 0.3 / math.sqrt(0.3) / 2) / math.sqrt(0.7)
assert (x.var() / factor**2 - 1).abs() < 6 * math.sqrt(2 / 400), "T = 1: one step, without noise"
net = nn.Sequential(nn.Linear(2, 2))
x = ddpm_sample(lambda xt, t: net(xt), one, (6, 2), g)
assert x.dtype == torch.float32 and torch.isfinite(x).all(), "float32, if nothing is said"
assert torch.isfinite(ddpm_sample(lambda xt, t: 0 * xt, one, (2, 2))).all(), "without a generator"

# %% [markdown]
# Your sampler, with a model that is perfect. The data are $\mathcal N(0,1)$, and the best guess of the
# noise is $\sqrt{1-\bar\alpha_t}\,x_t$. The samples should have variance 1. For these data one of the
# variances is right in every step but the last, which adds no noise; the other is too small in all of
# them. Which is which, and why does it matter less when there are more steps?

# %% demo=true
for T in (5, 20, 100):
    schedule = NoiseSchedule(torch.as_tensor(cosine_beta(T)))
    known = (1 - schedule.alpha_bar).sqrt()
    for variance in VARIANCES:
        x = ddpm_sample(
            lambda xt, t: at(known, t, xt) * xt, schedule, (20000, 1),
            torch.Generator().manual_seed(0), variance=variance, dtype=torch.float64,
        )  # fmt: skip
        print(f"T = {T:>3}, variance {variance:>10}: variance of the samples {x.var():.3f}")

# %% [markdown]
# ## Part D · Faster and better
#
# ### Exercise 7 · DDIM
#
# *difficulty 3 of 5 · importance 5 of 5 · 20 minutes*
#
# Must it be one step at a time? The training loss knows only $x_0$, $x_t$ and the noise between them. So
# guess $\hat x_0$, and noise it again to **any** earlier step $s$, along the very noise that was seen:
#
# $$x_s = \sqrt{\bar\alpha_s}\,\hat x_0 + \sqrt{1-\bar\alpha_s-\sigma^2}\;\hat\varepsilon + \sigma z,\qquad
# \sigma = \eta\,\sqrt{\frac{1-\bar\alpha_s}{1-\bar\alpha_t}}\,\sqrt{1-\frac{\bar\alpha_t}{\bar\alpha_s}} .$$
#
# With $\eta=0$ nothing is random. With $\eta=1$ and $s=t-1$ it is the step of exercise 5, with $\tilde\beta$.
#
# 1. $\hat x_0$ from `xt` and `eps_hat`: `predict_x0`.
# 2. $\sigma$, for each row.
# 3. The sum of the three. `z` is given, so draw nothing.
#
# *Predict first:* $s=0$. What are $\bar\alpha_0$, $\sigma$, and the result?
#
# <details><summary>Hint 1</summary>
#
# `at(schedule.alpha_bar, s, xt)` is $\bar\alpha_s$ for each row. Under the middle root stands
# $\sigma^2$, beside `z` stands $\sigma$.
# </details>
# <details><summary>Hint 2</summary>
#
# $\tilde\beta_t$ is $\sigma^2$ for neighbours only. Here $s$ may be far from $t$: take the formula.
# </details>

# %% answer="ddim_step"
from dgm.ddim import ddim_step  # exercise

# %% check="ddim_step" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T = 9
beta = 0.08 + 0.3 * torch.rand(T + 1, generator=g, dtype=torch.float64)
beta[0] = 0
schedule = NoiseSchedule(beta)
order = torch.randperm(6, generator=g)
t, s = torch.tensor([[3, 9, 5, 2, 8, 1], [1, 4, 0, 1, 5, 0]])[:, order]
xt, eps_hat, z = three = torch.randn(3, 6, 2, 3, generator=g, dtype=torch.float64)
before = three.clone()


def entry(table, steps):
    return torch.stack([table[k] for k in steps.tolist()]).view(6, 1, 1)


def from_to(eta, t=t, s=s, **other):
    """The step as it should be, or with one of its parts replaced by a function of the tables."""
    a, b = entry(schedule.alpha_bar, t), entry(schedule.alpha_bar, s)
    x0_hat = (xt - (1 - a) ** 0.5 * eps_hat) / a**0.5
    parts = {"var": eta**2 * (1 - b) * (b - a) / (b * (1 - a)), "x0": x0_hat, "on_x0": b**0.5}
    parts |= {k: f(a, b) for k, f in other.items() if k in ("var", "x0", "on_x0")}
    parts["on_eps"] = (1 - b - parts["var"]).clamp(min=0) ** 0.5
    parts["on_z"] = parts["var"] ** 0.5
    parts |= {k: f(a, b, parts["var"]) for k, f in other.items() if k in ("on_eps", "on_z")}
    return parts["on_x0"] * parts["x0"] + parts["on_eps"] * eps_hat + parts["on_z"] * z


beta_t, tilde_t = entry(schedule.beta, t), entry(schedule.beta_tilde, t)
for eta in (0.0, 1.0, 0.6):
    got, wanted = ddim_step(xt, t, s, eps_hat, z, schedule, eta), from_to(eta)
    assert got is not None, "ddim_step returned None: did you forget `return`?"
    assert got.shape == xt.shape, f"shape {tuple(xt.shape)} is wanted, got {tuple(got.shape)}"
    assert torch.equal(three, before), (
        "ddim_step has changed what it was given: no `-=`, work on a copy"
    )
    assert not got.isnan().any(), (
        f"NaN in rows with (t, s) = {[(int(i), int(j)) for i, j, r in zip(t, s, got) if r.isnan().any()]}, eta = {eta}: "
        "the root of a number below 0, or 0 / 0? At s = 0 the result is x0_hat"
    )
    assert torch.equal(ddim_step(xt, t, s, eps_hat, z, schedule, eta), got), (
        "twice the same z gave two samples: draw no noise, use the z you are given"
    )
    if torch.allclose(got.double(), wanted, rtol=1e-5, atol=1e-6):
        continue
    for mistake, value in (
        ("eta is not used: this is eta = 0", from_to(0.0)),
        ("eta is not used: this is eta = 1", from_to(1.0)),
        ("eta stands before the root, and here its root is taken", from_to(math.sqrt(eta))),
        ("under the root stands sigma squared, not sigma", from_to(eta, on_eps=lambda a, b, v: (1 - b - v**0.5).clamp(min=0) ** 0.5)),
        ("sigma stands before z, not its square", from_to(eta, on_z=lambda a, b, v: v)),
        ("what z adds has to be taken off: sqrt(1 - alpha_bar_s - sigma^2)", from_to(eta, on_eps=lambda a, b, v: (1 - b) ** 0.5)),
        ("a square root is missing in sigma: its first factor", from_to(eta, var=lambda a, b: (eta * (1 - b) / (1 - a)) ** 2 * (1 - a / b))),
        ("a square root is missing in sigma: its second factor", from_to(eta, var=lambda a, b: (eta * (1 - a / b)) ** 2 * (1 - b) / (1 - a))),
        ("both square roots are missing in sigma", from_to(eta, var=lambda a, b: (eta * (1 - b) / (1 - a) * (1 - a / b)) ** 2)),
        ("t and s have changed places in sigma: 1 - alpha_bar_s stands on top", from_to(eta, var=lambda a, b: eta**2 * (1 - a) / (1 - b).clamp(min=1e-9) * (1 - a / b))),
        ("t and s have changed places in sigma: 1 - alpha_bar_s stands on top", from_to(eta, var=lambda a, b: eta**2 * (1 - a) / (1 - b).clamp(min=1e-18) * (1 - a / b))),
        ("beta_tilde is sigma^2 for s = t - 1 alone; s may be any", from_to(eta, var=lambda a, b: eta**2 * tilde_t)),
        ("sigma^2 is not beta", from_to(eta, var=lambda a, b: eta**2 * beta_t)),
        ("s is an argument; this is the step to t - 1", from_to(eta, s=t - 1)),
        ("each row has its own t and s; these are the first row's for all", from_to(eta, t[:1].expand(6), s[:1].expand(6))),
        ("this is x0_hat; it has to be noised again, to step s", from_to(eta, on_x0=lambda a, b: 1, on_eps=lambda *_: 0, on_z=lambda *_: 0)),
        ("the direction to xt is missing: sqrt(1 - alpha_bar_s - sigma^2) eps_hat", from_to(eta, on_eps=lambda *_: 0)),
        ("the noise that was seen is put back, not a new one: eps_hat, not z", from_to(eta, on_eps=lambda *_: 0, on_z=lambda a, b, v: (1 - b) ** 0.5)),
        ("x0_hat is multiplied by the root of alpha_bar_s", from_to(eta, on_x0=lambda a, b: b)),
        ("x0_hat is not multiplied by sqrt(alpha_bar_s)", from_to(eta, on_x0=lambda a, b: 1)),
        ("x0_hat is divided by sqrt(alpha_bar_t)", from_to(eta, x0=lambda a, b: xt - (1 - a) ** 0.5 * eps_hat)),
        ("x0_hat takes the noise off", from_to(eta, x0=lambda a, b: (xt + (1 - a) ** 0.5 * eps_hat) / a**0.5)),
    ):  # fmt: skip
        assert not torch.allclose(got.double(), value, rtol=1e-5, atol=1e-6), (
            f"eta = {eta}: {mistake}"
        )
    if eta == 0:
        now, then = entry(schedule.alpha, t), entry(schedule.alpha, s)
        single = (
            then.sqrt() * (xt - (1 - now).sqrt() * eps_hat) / now.sqrt()
            + (1 - then).sqrt() * eps_hat
        )
        assert not torch.allclose(got.double(), single, rtol=1e-5), "alpha in place of alpha_bar"
        now, then = entry(schedule.alpha_bar, s), entry(schedule.alpha_bar, t)
        back = (
            then.sqrt() * (xt - (1 - now).sqrt() * eps_hat) / now.sqrt()
            + (1 - then).sqrt() * eps_hat
        )
        assert not torch.allclose(got.double(), back, rtol=1e-5), "t and s have changed places"
    raise AssertionError(
        f"t = {int(t[0])}, s = {int(s[0])}, eta = {eta}: the first row should be {wanted[0].tolist()}, got {got[0].tolist()}"
    )
assert torch.allclose(
    ddim_step(xt, t, s, eps_hat, z, schedule).double(), from_to(0.0), rtol=1e-5, atol=1e-6
), "eta = 0 is the default"
got = ddim_step(xt.float(), t, s, eps_hat.float(), z.float(), schedule)
assert got.dtype == torch.float32, f"float32 in, {got.dtype} out: cast the tables, as `at` does"


# %% hidden="ddim_step" points=2
# Hidden check, 2 points: points and pictures, one row, float32, other schedules, neighbours against
# Algorithm 2's step, the moments of what comes out.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, T, dtype in (
    ((8, 3), 4, torch.float64),
    ((5, 2, 3, 4), 50, torch.float64),
    ((1, 1), 2, torch.float64),
    ((4, 1, 5, 5), 9, torch.float32),
):
    beta = 0.02 + 0.2 * torch.rand(T + 1, generator=g, dtype=torch.float64)
    beta[0] = 0
    schedule = NoiseSchedule(beta)
    t = torch.randint(1, T + 1, shape[:1], generator=g)
    s = (torch.rand(shape[0], generator=g) * t).long()
    xt, eps_hat, z = torch.randn(3, *shape, generator=g, dtype=dtype)
    for eta in (0.0, 0.3, 1.0):
        got = ddim_step(xt, t, s, eps_hat, z, schedule, eta)
        assert got is not None and got.dtype == dtype, f"the dtype of xt, {dtype}"
        for i, (k, j) in enumerate(zip(t.tolist(), s.tolist())):
            a, b = float(schedule.alpha_bar[k]), float(schedule.alpha_bar[j])
            sigma = eta * math.sqrt((1 - b) / (1 - a) * (1 - a / b))
            wanted = math.sqrt(b / a) * (xt[i] - math.sqrt(1 - a) * eps_hat[i]) + sigma * z[i]
            wanted = wanted + math.sqrt(max(1 - b - sigma**2, 0.0)) * eps_hat[i]
            assert_close(got[i], wanted, rtol=2e-3, atol=2e-3, check_dtype=False,
                msg=f"wrong from {k} to {j}, eta {eta}, xt of shape {shape}")  # fmt: skip
    x0 = xt.double()
    noisy = q_sample(x0, t, eps_hat.double(), schedule)
    end = ddim_step(noisy, t, torch.zeros_like(t), eps_hat.double(), z.double(), schedule, 1.0)
    assert_close(end, x0, rtol=1e-6, atol=1e-6, msg="s = 0 gives x0_hat")
    late = t.clamp(min=2)
    mean = posterior_mean_from_eps(noisy, late, eps_hat.double(), schedule)
    sigma = at(schedule.beta_tilde.sqrt(), late, noisy)
    got = ddim_step(noisy, late, late - 1, eps_hat.double(), z.double(), schedule, 1.0)
    assert_close(
        got, mean + sigma * z.double(), rtol=1e-6, atol=1e-6, msg="eta = 1 to a neighbour is DDPM"
    )


# %% [markdown]
# ### Exercise 8 · The moving average
#
# *difficulty 2 of 5 · importance 4 of 5 · 15 minutes*
#
# The loss is noisy, since each step draws few $t$ and few noises. So the weights jitter, and with them
# the samples. The cure is to sample with an average of the last weights, kept in a second network:
#
# $$\theta_\text{ema} \leftarrow d\,\theta_\text{ema} + (1-d)\,\theta .$$
#
# 1. Each parameter of `ema` moves, **in place**; `model` stays as it is.
# 2. Buffers (the running means of a batch norm, say) are **copied**, not averaged: some are whole numbers.
# 3. Copy values, never tensors: the two networks must not share memory.
#
# The line above the `def` switches gradients off. Nothing is returned.
#
# *Predict first:* with $d = 0.999$, how many steps ago is the average weight of the mixture from?
#
# <details><summary>Hint 1</summary>
#
# `zip(ema.parameters(), model.parameters())` pairs them. In a loop, `p = …` gives a name to a new tensor, and
# the network never hears of it.
# </details>
# <details><summary>Hint 2</summary>
#
# In place are `mul_`, `add_`, `lerp_` and `copy_`: all that end in `_`. `.buffers()` lists the buffers.
# </details>

# %% answer="ema_update"
from dgm.nn.ema import ema_update  # exercise

# %% check="ema_update" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)


def network():
    layers = nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 2)
    return shake(nn.Sequential(*layers).double(), 1.0)


def shake(net, size):
    """Other weights, and other running means."""
    with torch.no_grad():
        for weight in net.parameters():
            weight.copy_(weight + size * torch.randn(weight.shape, generator=g, dtype=weight.dtype))
    net(torch.randn(9, 3, generator=g, dtype=torch.float64) * (1 + size))
    return net


def values(net):
    return {k: v.detach().clone() for k, v in [*net.named_parameters(), *net.named_buffers()]}


def same(a, b):
    return all(torch.allclose(a[k].double(), b[k].double(), rtol=1e-6, atol=1e-9) for k in b)


ema, model = network(), shake(network(), 2.0)
other_pair = network(), network()
for net in (ema, model):
    net[3].bias.requires_grad_(False)
flags = [p.requires_grad for p in model.parameters()]
bound = list(ema.parameters())
weights = [k for k, _ in model.named_parameters()]
for turn, decay in enumerate((0.9, 0.6, 0.97)):
    old, new = values(ema), values(model)
    returned = ema_update(ema, model, decay)
    got = values(ema)
    assert same(values(model), new), "the model has changed: only ema moves"
    assert all(m.training for net in (ema, model) for m in net.modules()), (
        "a network is left in evaluation mode: take them as they come"
    )
    assert [p.requires_grad for p in model.parameters()] == flags, (
        "the model's parameters are frozen for good"
    )
    assert all(a is b for a, b in zip(bound, ema.parameters())), (
        "ema holds other parameters than before: change the old ones in place"
    )
    wanted = new | {k: decay * old[k] + (1 - decay) * new[k] for k in weights}
    if not same(got, wanted):
        only = {k: got[k] for k in weights}
        for mistake, value in (
            ("ema has not moved. `p = …` only names a new tensor: change p in place" if returned is None
             else "ema has not moved: change it in place, a new network is no use to the caller", old),
            ("decay and 1 - decay have changed places", {k: (1 - decay) * old[k] + decay * new[k] for k in weights}),
            ("this is a copy of the model; it should move by 1 - decay of the way", new),
            ("the model counts with weight 1 - decay, not 1", {k: decay * old[k] + new[k] for k in weights}),
            ("this is the mean of both; decay is not used", {k: (old[k] + new[k]) / 2 for k in weights}),
            ("decay is an argument; this is 0.999", {k: 0.999 * old[k] + 0.001 * new[k] for k in weights}),
            ("decay is an argument; this is 0.99", {k: 0.99 * old[k] + 0.01 * new[k] for k in weights}),
        ):  # fmt: skip
            assert not same(only, {k: value[k] for k in weights}), mistake
        stayed = [k for k in weights if not torch.allclose(got[k], wanted[k], rtol=1e-6, atol=1e-9)]
        assert not stayed, (
            f"wrong in {', '.join(stayed)}" + ("" if turn == 0 else
            ", though the first update was right: do ema and model share memory? Copy values, not tensors")
        )  # fmt: skip
        buffers = [k for k in wanted if k not in weights]
        averaged = {
            k: decay * old[k] + (1 - decay) * new[k] for k in buffers if new[k].is_floating_point()
        }
        assert not same(got, averaged), "buffers are copied, not averaged"
        left = [k for k in buffers if not torch.equal(got[k], wanted[k])]
        raise AssertionError(f"buffers are copied too: {', '.join(left)} are not the model's")
    shake(model, 0.5)
    ema_update(*other_pair, decay)
    assert same(values(ema), got), (
        "training the model has moved ema: they share memory. Copy values, not tensors"
    )
assert all(p.is_leaf for p in ema.parameters()), (
    "ema's parameters hang in a graph: work without gradients"
)


# %% hidden="ema_update" points=1
# Hidden check, 1 point: convolutions, layers without bias, float32, decay 0 and 1, many updates in a row,
# frozen parameters, a network with no buffers.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for layers, x, dtype in (
    (
        (nn.Conv2d(1, 3, 2, bias=False), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(27, 1)),
        (5, 1, 4, 4),
        torch.float32,
    ),
    ((nn.Linear(2, 2),), (3, 2), torch.float64),
):
    model = nn.Sequential(*layers).to(dtype)
    ema = copy.deepcopy(model)
    ema.eval()
    model[0].weight.requires_grad_(False)
    wanted = [p.detach().clone() for p in ema.parameters()]
    for decay in (1.0, 0.0, 0.5, 0.9, 0.999, 0.3):
        with torch.no_grad():
            for p in model.parameters():
                p.add_(torch.randn(p.shape, generator=g, dtype=dtype))
        model(torch.randn(x, generator=g, dtype=dtype))
        now = [p.detach().clone() for p in model.parameters()]
        ema_update(ema, model, decay)
        wanted = [decay * a + (1 - decay) * b for a, b in zip(wanted, now)]
        for a, b in zip(ema.parameters(), wanted):
            assert_close(
                a.detach(),
                b,
                rtol=1e-4,
                atol=1e-5,
                msg=f"wrong after the update with decay {decay}",
            )
        for a, b in zip(model.parameters(), now):
            assert torch.equal(a.detach(), b), "the model has changed"
        for a, b in zip(ema.buffers(), model.buffers()):
            assert torch.equal(a, b), "buffers are copied"
    assert not any(m.training for m in ema.modules()), "ema's mode is left as it is"
    assert not next(model.parameters()).requires_grad, "what is frozen stays frozen"
    assert all(p.requires_grad for p in ema.parameters()), "and the rest does not freeze"


# %% [markdown]
# ### Exercise 9 · The ideal denoiser
#
# *difficulty 3 of 5 · importance 3 of 5 · 20 minutes*
#
# What would a network with no error at all predict? The data are $N$ pictures, each as likely as the next.
# Then Bayes' rule says how likely each of them is to lie behind $x_t$, and the best prediction of $x_0$
# is their mean, weighed so:
#
# $$\mathbb E[x_0\mid x_t] = \sum_i w_i\,x_i,\qquad
# w = \operatorname{softmax}_i\Bigl(-\frac{\lVert x_t-\sqrt{\bar\alpha_t}\,x_i\rVert^2}{2\,(1-\bar\alpha_t)}\Bigr).$$
#
# 1. For each row of `xt` and each row of `data` the squared distance, over all entries: `(B, N)`.
# 2. The softmax over the data. At $t=1$ the exponents are in the tens of thousands: never form the
#    exponentials yourself.
# 3. The weighed mean, in the shape of `xt`.
#
# *Predict first:* what does it say at $t=T$, where all is noise? And at $t=1$?
#
# <details><summary>Hint 1</summary>
#
# `flatten(1)` makes rows of pictures. `a[:, None] - b[None]` has all differences, `(B, N, D)`.
# `torch.softmax(logits, dim=…)`: which axis runs over the data?
# </details>
# <details><summary>Hint 2</summary>
#
# $(B, N)$ times $(N, D)$ is `@`. Then `.reshape(xt.shape)`. Each row has its own $\bar\alpha_t$.
# </details>

# %% answer="ideal_denoiser"
from dgm.exact.ideal import ideal_denoiser  # exercise

# %% check="ideal_denoiser" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
T, B, N = 10, 6, 5
schedule = NoiseSchedule(torch.cat([torch.zeros(1), torch.linspace(0.05, 0.5, T)]).double())
data = 0.7 * torch.randn(N, 2, 2, generator=g, dtype=torch.float64) + 0.5
t = torch.tensor([1, 4, 6, 8, 10, 3])[torch.randperm(B, generator=g)]
x0 = data[torch.randint(N, (B,), generator=g)]
xt = q_sample(x0, t, torch.randn(x0.shape, generator=g, dtype=torch.float64), schedule)
before = xt.clone(), data.clone()


def share(k, table=schedule.alpha_bar):
    return float(table[k])


def by_hand(size=None, exponent=None, steps=t, of=data):
    """Point by point, with the data's size and the exponent as they should be, or not."""
    size = size or (lambda k: math.sqrt(share(k)))
    exponent = exponent or (lambda d2, k: -d2 / (2 * (1 - share(k))))
    rows = []
    for x, k in zip(xt, steps.tolist()):
        logs = [exponent(float(((x - size(k) * p) ** 2).sum()), k) for p in of]
        w = [math.exp(v - max(logs)) for v in logs]
        rows.append(sum(a / sum(w) * p for a, p in zip(w, of)))
    return torch.stack(rows)


wanted = by_hand()
got = ideal_denoiser(xt, t, data, schedule)
assert got is not None, "ideal_denoiser returned None: did you forget `return`?"
assert tuple(got.shape) != (B, N), "these are the weights; the data's mean under them is wanted"
assert got.shape == xt.shape, (
    f"the shape of xt, {tuple(xt.shape)}, is wanted; got {tuple(got.shape)}"
)
assert torch.equal(xt, before[0]) and torch.equal(data, before[1]), (
    "ideal_denoiser has changed what it was given"
)
assert not got.isnan().any(), (
    "NaN: the exponentials underflow, and 0 / 0 comes out. Softmax in one step"
)
if not torch.allclose(got.double(), wanted, rtol=1e-4, atol=1e-5):
    a = torch.tensor([share(k) for k in t.tolist()], dtype=torch.float64).view(B, 1, 1)
    d2 = ((xt[:, None] - a.sqrt().unsqueeze(1) * data) ** 2).flatten(2).sum(2)
    logits = -d2 / (2 * (1 - a[:, :, 0]))
    single = (
        -((xt[:, None] - a.sqrt().unsqueeze(1) * data) ** 2) / (2 * (1 - a.unsqueeze(1)))
    ).softmax(1)
    for mistake, value in (
        ("the softmax runs over the batch; it should run over the data", torch.einsum("bn,nij->bij", logits.softmax(0), data)),
        ("the exponent's minus is missing: the farthest point wins", by_hand(exponent=lambda d2, k: d2 / (2 * (1 - share(k))))),
        ("the 2 in the exponent is missing", by_hand(exponent=lambda d2, k: -d2 / (1 - share(k)))),
        ("divided by the variance 1 - alpha_bar, not by its root", by_hand(exponent=lambda d2, k: -d2 / (2 * math.sqrt(1 - share(k))))),
        ("divided by the variance 1 - alpha_bar, not by its square", by_hand(exponent=lambda d2, k: -d2 / (2 * (1 - share(k)) ** 2))),
        ("the variance is missing in the exponent", by_hand(exponent=lambda d2, k: -d2 / 2)),
        ("distances are squared", by_hand(exponent=lambda d2, k: -math.sqrt(d2) / (2 * (1 - share(k))))),
        ("a squared distance is a sum over the entries, not a mean", by_hand(exponent=lambda d2, k: -d2 / (8 * (1 - share(k))))),
        ("the data shrink by sqrt(alpha_bar) on their way to step t: scale them", by_hand(size=lambda k: 1.0)),
        ("the data are scaled by the root of alpha_bar", by_hand(size=share)),
        ("xt / sqrt(alpha_bar) has noise of the variance (1 - alpha_bar) / alpha_bar", by_hand(exponent=lambda d2, k: -d2 / (2 * (1 - share(k)) * share(k)))),
        ("alpha in place of alpha_bar", by_hand(lambda k: math.sqrt(share(k, schedule.alpha)), lambda d2, k: -d2 / (2 * (1 - share(k, schedule.alpha))))),
        ("each row has its own step; this is the first one's for all", by_hand(steps=t[:1].expand(B))),
        ("this is the nearest point; their weighed mean is wanted", data[logits.argmax(1)]),
        ("one weight for each picture, not for each pixel", (single * data).sum(1)),
        ("the mean of the data as they are, not as they are scaled", a.sqrt() * wanted),
        ("this is the noise; x0 is wanted", (xt - a.sqrt() * wanted) / (1 - a).sqrt()),
        ("the weights of a row add up to 1: a softmax, not sigmoids", torch.einsum("bn,nij->bij", logits.sigmoid(), data)),
        ("all points weigh the same", data.mean(0).expand(B, 2, 2)),
    ):  # fmt: skip
        assert not torch.allclose(got.double(), value, rtol=1e-4, atol=1e-5), mistake
    late = [i for i in range(B) if t[i] > 1]
    other = by_hand(
        lambda k: math.sqrt(share(k - 1)), lambda d2, k: -d2 / (2 * max(1 - share(k - 1), 1e-6))
    )
    assert not torch.allclose(got[late].double(), other[late], rtol=1e-4, atol=1e-5), "t off by one"
    raise AssertionError(
        f"t = {int(t[0])}: point by point the first row should be {wanted[0].tolist()}, got {got[0].tolist()}"
    )
fine = NoiseSchedule(linear_beta())  # at t = 1 its noise has the variance 0.0001
far = torch.randn(4, 2, 2, generator=g, dtype=torch.float64)
got = ideal_denoiser(far, torch.ones(4, dtype=torch.int64), data, fine)
assert not got.isnan().any(), (
    "far from all data, at t = 1: NaN. The exponentials underflow; softmax in one step"
)
size = float(fine.alpha_bar[1]) ** 0.5
nearest = torch.stack([min(data, key=lambda p: float(((x - size * p) ** 2).sum())) for x in far])
gap = torch.stack([((x - size * data) ** 2).sum((1, 2)).sort().values[:2] for x in far])
clear = gap[:, 1] - gap[:, 0] > 0.01
assert torch.allclose(got[clear].double(), nearest[clear], atol=1e-5), (
    "at t = 1, far from all data, the nearest point should win, however small its exponential is. "
    "Is something added to the weights' sum?"
)


# %% hidden="ideal_denoiser" points=2
# Hidden check, 2 points: points and pictures, one row, one point, many points, float32, the mean of the
# data and their nearest.
SEED = 0
g = torch.Generator().manual_seed(SEED)
schedule = NoiseSchedule(linear_beta(200, 1e-3, 0.1))
for shape, N, dtype in (
    ((5, 3), 40, torch.float64),
    ((1, 1, 3, 4), 7, torch.float64),
    ((4, 2), 1, torch.float64),
    ((6, 2, 2, 2), 9, torch.float32),
):
    data = torch.randn(N, *shape[1:], generator=g, dtype=dtype)
    t = torch.randint(10, 201, shape[:1], generator=g)
    eps = torch.randn(shape, generator=g, dtype=dtype)
    x0 = data[torch.randint(N, shape[:1], generator=g)]
    xt = q_sample(x0, t, eps, schedule)
    got = ideal_denoiser(xt, t, data, schedule)
    assert got is not None and got.shape == shape, "the shape of xt"
    x, p = xt.double().flatten(1), data.double().flatten(1)
    a = schedule.alpha_bar[t].view(-1, 1, 1)
    q = torch.distributions.Normal(a.sqrt() * p, (1 - a).sqrt().expand(-1, N, p.shape[1]))
    w = q.log_prob(x[:, None]).sum(2)
    wanted = ((w - w.logsumexp(1, keepdim=True)).exp() @ p).view(shape)
    loose = 1e-6 if dtype == torch.float64 else 1e-3
    assert_close(
        got.double(),
        wanted,
        rtol=loose,
        atol=loose,
        check_dtype=False,
        msg=f"wrong for xt of shape {shape}",
    )
data = torch.randn(6, 4, generator=g, dtype=torch.float64)
early = torch.ones(3, dtype=torch.int64)
xt = 30 * torch.randn(3, 4, generator=g, dtype=torch.float64)
best = [((x - float(schedule.alpha_bar[1]) ** 0.5 * data) ** 2).sum(1).argmin() for x in xt]
assert_close(
    ideal_denoiser(xt, early, data, schedule),
    torch.stack([data[i] for i in best]),
    rtol=1e-4,
    atol=1e-4,
    check_dtype=False,
    msg="far away, at t = 1",
)
flat = NoiseSchedule(torch.tensor([0, 0.999999], dtype=torch.float64))
got = ideal_denoiser(0 * xt, early, data, flat)
assert_close(
    got,
    data.mean(0).expand(3, 4),
    rtol=0.05,
    atol=0.05,
    check_dtype=False,
    msg="all noise: the mean of the data",
)

# %% [markdown]
# A sampler that follows the ideal denoiser. Here are twelve samples, and under each the training digit that
# is nearest to it. How far are they apart? What has a network with *no* error learned?


# %% demo=true
def pictures(x, columns, title=""):
    x = nn.functional.pad(x, (1, 1, 1, 1), value=-1.0)  # (B, 1, 10, 10)
    rows = len(x) // columns
    sheet = x.view(rows, columns, 10, 10).permute(0, 2, 1, 3).reshape(10 * rows, 10 * columns)
    plt.figure(figsize=(0.5 * columns, 0.5 * rows))
    plt.imshow(sheet, cmap="gray_r", vmin=-1, vmax=1)
    plt.axis("off")
    plt.title(title, fontsize=9, loc="left")
    plt.show()


def nearest_digit(x):
    return digits[torch.cdist(x.flatten(1), digits.flatten(1)).argmin(1)]


schedule = NoiseSchedule(torch.as_tensor(cosine_beta(100)))
x = ddpm_sample(
    lambda xt, t: ideal_denoiser(xt, t, digits, schedule), schedule, (12, 1, 8, 8),
    torch.Generator().manual_seed(0), predicts="x0",
)  # fmt: skip
pictures(
    torch.cat([x, nearest_digit(x)]),
    12,
    "sampled with the ideal denoiser; below, the nearest training digits",
)
print(f"largest difference of a pixel: {(x - nearest_digit(x)).abs().max():.6f}")
# %% [markdown]
# It has learned the training set by heart, and nothing else. Whatever a diffusion model makes that is new, it
# makes because its network is *not* ideal.
#
# ## The payoff
#
# ### A U-Net of your blocks, your loss, your average
#
# Down to 4 by 4 pixels, where it is decided what the picture shows; back up to 8 by 8, where details are
# drawn, with the encoder's result handed across. Three of your blocks do the work. The network learns the
# velocity (`predicts="v"`); question 4 below says what that spares the sampler.
#
# Nothing here is the library's but what the set-up imports. About half a minute.


# %% demo=true
class SmallUNet(nn.Module):
    def __init__(self, high=16, low=32):
        super().__init__()
        width = 2 * low
        self.high = high
        self.time = nn.Sequential(
            nn.Linear(high, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU()
        )
        self.first = nn.Conv2d(1, high, 3, padding=1)
        self.encoder = ResidualBlock(high, high, width)
        self.down = nn.Conv2d(high, low, 3, stride=2, padding=1)
        self.middle = ResidualBlock(low, low, width)
        self.up = nn.ConvTranspose2d(low, high, 2, stride=2)
        self.decoder = ResidualBlock(2 * high, high, width)
        self.last = nn.Sequential(
            nn.GroupNorm(8, high), nn.SiLU(), nn.Conv2d(high, 1, 3, padding=1)
        )

    def forward(self, xt, t):
        emb = self.time(torch.as_tensor(timestep_embedding(t, self.high)).to(xt.dtype))
        kept = self.encoder(self.first(xt), emb)  # (B, high, 8, 8)
        deep = self.middle(self.down(kept), emb)  # (B, low, 4, 4)
        return self.last(self.decoder(torch.cat([kept, self.up(deep)], dim=1), emb))


def train(steps, T=100, rate=3e-3, seed=0):
    torch.manual_seed(seed)  # the network's first weights
    g = torch.Generator().manual_seed(seed)
    schedule = NoiseSchedule(torch.as_tensor(cosine_beta(T)))
    model = SmallUNet()
    ema = copy.deepcopy(model)
    optimizer = torch.optim.Adam(model.parameters(), betas=(0.9, 0.99))
    losses = []
    for step, x0 in enumerate(minibatches(digits, 64, steps, g)):
        for group in optimizer.param_groups:  # up for 50 steps, level, down in the last 40 %
            group["lr"] = rate * min(1, (step + 1) / 50, (steps - step) / (0.4 * steps))
        loss = ddpm_loss(model, x0, schedule, g, predicts="v")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ema_update(ema, model, min(0.995, (1 + step) / (10 + step)))
        losses.append(loss.item())
    return ema.eval(), schedule, losses


net, schedule, losses = train(1000)
first, last = (sum(part) / 100 for part in (losses[:100], losses[-100:]))
print(f"loss: {first:.3f} over the first 100 steps, {last:.3f} over the last")
v = {"predicts": "v", "clip": (-1, 1)}
x = ddpm_sample(net, schedule, (40, 1, 8, 8), torch.Generator().manual_seed(1), **v)
pictures(x, 20, "drawn by your sampler, in 100 steps")
pictures(nearest_digit(x), 20, "for each, the nearest training digit: learned by heart, or new?")

# %% [markdown]
# ### Digits come out of noise
#
# Seven samples on their way. Upper row of each pair: $x_t$. Lower row: what the network thinks lies behind
# it, $\hat x_0$. At which step is it settled which digit it will be?

# %% demo=true
with torch.no_grad():
    g = torch.Generator().manual_seed(3)
    x = torch.randn(7, 1, 8, 8, generator=g)
    noisy, guesses = [], []
    for i in range(100, 0, -1):
        t = torch.full((7,), i)
        eps_hat, x0_hat = estimate(net, x, t, schedule, **v)
        if i in (100, 80, 65, 50, 40, 30, 20, 12, 6, 1):
            noisy.append(x)
            guesses.append(x0_hat)
        x = ddpm_step(x, t, eps_hat, torch.randn(x.shape, generator=g), schedule)
    rows = [torch.cat([part[k] for part in kind]) for k in range(7) for kind in (noisy, guesses)]
    pictures(torch.cat(rows).unsqueeze(1), 10, "t = 100, 80, 65, 50, 40, 30, 20, 12, 6, 1")

# %% [markdown]
# ### In few steps
#
# The same network and the same noise at the start, with your DDIM step. Each column begins with the same
# $x_T$, so with $\eta=0$ it should show the same digit, as long as there are steps enough. What do two steps give, and why
# is it blurred? What does $\eta=1$ change?


# %% demo=true
@torch.no_grad()
def ddim(steps, eta, n=20, seed=1):
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 1, 8, 8, generator=g)
    times = [*ddim_times(schedule.T, steps), 0]
    for now, then in pairwise(times):
        t, s = torch.full((n,), now), torch.full((n,), then)
        eps_hat, _ = estimate(net, x, t, schedule, **v)
        x = ddim_step(x, t, s, eps_hat, torch.randn(x.shape, generator=g), schedule, eta)
    return x


for steps, eta in ((2, 0.0), (5, 0.0), (10, 0.0), (50, 0.0), (10, 1.0)):
    pictures(ddim(steps, eta), 20, f"{steps} steps, eta = {eta:.0f}")

# %% [markdown]
# ## Break it
#
# Three samplers, the same good network. Nothing crashes. Which line of the algorithm is each of them missing?
# Look at the pictures and at the numbers (the data's are printed first) before you open the answers.


# %% demo=true
@torch.no_grad()
def ill(patient, n=20, seed=5):
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 1, 8, 8, generator=g)
    for i in range(100, 0, -10 if patient == "A" else -1):
        t = torch.full((n,), i)
        told = torch.full((n,), 50) if patient == "C" else t
        eps_hat, _ = estimate(lambda xt, _: net(xt, told), x, t, schedule, **v)
        z = torch.randn(x.shape, generator=g) * (0 if patient == "B" else 1)
        x = ddpm_step(x, t, eps_hat, z, schedule)
    return x


def numbers(name, x):
    gap = (x - nearest_digit(x)).square().mean().sqrt()
    print(
        f"{name:>9}: spread of all pixels {x.std():.2f}, distance to the nearest digit {gap:.2f}, "
        f"spread over the samples {x.std(0).mean():.2f}"
    )


numbers("data", load("digits", "test")[0])
numbers(
    "healthy", ddpm_sample(net, schedule, (200, 1, 8, 8), torch.Generator().manual_seed(5), **v)
)
for patient in "ABC":
    x = ill(patient)
    numbers(f"patient {patient}", x)
    pictures(x, 20, f"patient {patient}")

# %% [markdown]
# <details><summary>Patient A</summary>
#
# It goes from 100 to 90 to 80 with the step of Algorithm 2, which leads from $t$ to $t-1$ and no further. Ten
# steps of a hundred are taken, and most of the noise is still there. A step from $t$ to any $s$ is what
# DDIM's formula is for: it has $\bar\alpha_s$ in it.
# </details>
# <details><summary>Patient B</summary>
#
# No $z$. And look: by its distance to the data it is the best of all. The last number gives it away, for it
# draws one digit, twenty times. Early on, $x_t$ is nearly noise, and the mean of the step is little more
# than $\sqrt{\alpha_t}\,x_t$. Without fresh noise the sample shrinks, until nothing is left of the $x_T$ that
# told the samples apart. DDIM with $\eta=0$ adds no noise either, and is well. It puts the noise that was
# seen back at full strength, $\sqrt{1-\bar\alpha_s}$, so that the difference is kept.
# </details>
# <details><summary>Patient C</summary>
#
# The network is told $t=50$ at every step. It still finds digits, since much of the noise can be seen in the
# picture itself. But at the end it reckons with the noise of step 50, and what is left is grain. Your
# `timestep_embedding` is what heals it, and a mistake in there can look like this.
# </details>
#
# ## Questions to think about
#
# <details><summary>1. Both choices of the variance are "right". For which data?</summary>
#
# $\tilde\beta_t$ is exact where the data are one point, $\beta_t$ where they are $\mathcal N(0,I)$. Real data
# lie between. With many steps the two are nearly equal but for the last few $t$.
# </details>
# <details><summary>2. The loss is a mean over the entries. Would a sum change what is learned?</summary>
#
# Only the size of the gradient, by a constant factor, which Adam takes out again. In a bound in nats a sum is
# a must, since there its size has a meaning.
# </details>
# <details><summary>3. Why does the network see each picture again and again, and not learn it by heart?</summary>
#
# It sees it with new noise and a new $t$ each time. But with a network large enough, and time enough, it does go
# towards the ideal denoiser. What keeps it away is that it is smooth, shares its weights over places, and stops.
# </details>
# <details><summary>4. At t = T there is nothing to see. What should a network that predicts eps answer there, and one that predicts x0?</summary>
#
# $\hat\varepsilon = x_T$, which is easy, and teaches nothing; $\hat x_0$ is the mean of the data. To get
# $\hat x_0$ from $\hat\varepsilon$ one divides by $\sqrt{\bar\alpha_T}$, which is nearly 0. So the smallest error
# there becomes a huge one. That is what `clip` mends, and what velocity avoids.
# </details>
# <details><summary>5. Why is beta_1 under the cosine schedule not 0, what is s for?</summary>
#
# With $s=0$ the first steps would add so little noise that predicting it is hopeless: far less than one grey level.
# </details>
#
# **Harder, no points.** Train with `predicts="eps"` and with `"x0"`, same seed and steps, and count over 200 samples how
# far they are from their nearest digits. Give `ddpm_loss` a weight that turns the loss of one into the loss of
# another. And: follow the ideal denoiser of only 20 digits with `ddim`, at 3 steps. Does it still end in the data?
