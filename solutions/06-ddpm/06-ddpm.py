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
# | **Points** | {points}, in {exercises} exercises |
# | **Time** | three hours for you, about forty seconds for a laptop; no GPU |
#
# {how}

# %% given="setup"
import copy
import math
from collections.abc import Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn.functional import silu

from course.checks import check
from dgm.data.batches import minibatches
from dgm.data import load
from dgm.ddim import ddim_times
from dgm.ddpm import Weight
from dgm.diffusion import posterior_mean_from_eps, predict_eps, predict_x0, q_posterior, q_sample
from dgm.prediction import as_x0, training_target
from dgm.sampling import Model, call, estimate, start
from dgm.schedule import VARIANCES, NoiseSchedule, at, beside, linear_beta, look_up
from dgm.nn.networks import groups, zeroed

torch.manual_seed(0)
torch.set_num_threads(1)  # networks this small gain nothing from more
digits = load("digits")[0]  # (B, 1, 8, 8) in [-1, 1]

# %% [markdown]
# Four conventions hold everywhere.
#
# - Steps run from **1 to T**, as in the paper. `t` is one whole number for each row, shape `(B,)`.
# - A schedule's tables `beta`, `alpha`, `alpha_bar`, `beta_tilde` have $T+1$ entries, so that entry
#   $t$ belongs to step $t$. Entry 0 is clean data: `beta[0]` is 0 and `alpha_bar[0]` is 1.
# - `alpha` is $1-\beta$, and `alpha_bar` the product of all alphas so far.
# - A model is called as `model(xt, t)`, and gives a tensor of the shape of `xt`.
#
# These tools are given, and imported above.
#
# - `at(table, t, x)` looks up each row's entry and shapes it so that it multiplies `x`, whatever the
#   rank of `x`. Compute with the whole table first and look up last: `at((1 - schedule.alpha_bar).sqrt(), t, x)`.
# - `q_sample(x0, t, eps, schedule)` gives $x_t=\sqrt{\bar\alpha_t}\,x_0+\sqrt{1-\bar\alpha_t}\,\varepsilon$,
#   and `predict_x0`, `predict_eps`, `q_posterior`, `posterior_mean_from_eps` are those of exercises 05.
#   All five take steps from 1 to T, and refuse step 0.
# - `training_target(x0, eps, t, schedule, predicts)` is what a network learns that `predicts` `"eps"`,
#   `"x0"` or `"v"`.
# - `start` and `estimate` begin a sampler and ask its model: exercise 6 shows them.
# - `groups(n)` and `zeroed(layer)` stand in the block of exercise 3, in the part that is written:
#   how many groups $n$ channels are normed in, and a layer whose weights begin at 0.
#
# Keep the dtype of what comes in. The tables are float64, and `at` casts what it looks up.
#
# ## Part A · The clock
#
# ### Exercise 6.1 · The cosine schedule
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

# %% hidden="cosine_beta" points=1

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
# ### Exercise 6.2 · What time is it?
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
# `t` may hold whole numbers or floats. The embedding holds floats, of whichever dtype.
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

# %% hidden="timestep_embedding" points=1

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
# ### Exercise 6.3 · The block
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

# %% hidden="ResidualBlock" points=1

# %% [markdown]
# ## Part C · The two algorithms
#
# ### Exercise 6.4 · Algorithm 1: training
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
# 2. For **each entry** of `x0` a draw of $\mathcal N(0,1)$. Both draws use `generator`, in
#    either order.
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

# %% hidden="ddpm_loss" points=2

# %% [markdown]
# ### Exercise 6.5 · One step back
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

# %% hidden="ddpm_step" points=2

# %% [markdown]
# ### Exercise 6.6 · Algorithm 2: sampling
#
# *difficulty 2 of 5 · importance 5 of 5 · 20 minutes*
#
# The way back. It begins with noise and calls the network $T$ times.
#
# 1. $x_T\sim\mathcal N(0,I)$: `start(model, schedule, shape, generator, dtype)`.
# 2. For $t = T, T-1, \dots, 1$, the same for all rows, but still a tensor `(B,)`:
#    - `estimate(model, xt, t, schedule, predicts, clip)` asks the model and gives
#      `(eps_hat, x0_hat)`, whatever the model predicts. With `clip` it keeps `x0_hat` in a range.
#    - fresh $z\sim\mathcal N(0,I)$ from `generator` (the last step has no use for it),
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

# %% hidden="ddpm_sample" points=2

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
# ### Exercise 6.7 · DDIM
#
# *difficulty 3 of 5 · importance 5 of 5 · 20 minutes*
#
# Must it be one step at a time? The training loss knows only $x_0$, $x_t$ and the noise between them. So
# guess $\hat x_0$, and noise it again to **any** earlier step $s$ (0 too, where none is added), along
# the very noise that was seen:
#
# $$x_s = \sqrt{\bar\alpha_s}\,\hat x_0 + \sqrt{1-\bar\alpha_s-\sigma^2}\;\hat\varepsilon + \sigma z,\qquad
# \sigma = \eta\,\sqrt{\frac{1-\bar\alpha_s}{1-\bar\alpha_t}}\,\sqrt{1-\frac{\bar\alpha_t}{\bar\alpha_s}} .$$
#
# With $\eta=0$ nothing is random. With $\eta=1$ and $s=t-1$ it is the step of exercise 5, with $\tilde\beta$.
#
# 1. $\hat x_0$ from `xt` and `eps_hat`: `predict_x0`.
# 2. $\sigma$, for each row.
# 3. The sum of the three, written out: `q_sample` refuses $s=0$. `z` is given, so draw nothing.
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

# %% hidden="ddim_step" points=2

# %% [markdown]
# ### Exercise 6.8 · The moving average
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

# %% hidden="ema_update" points=1

# %% [markdown]
# ### Exercise 6.9 · The ideal denoiser
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

# %% hidden="ideal_denoiser" points=2

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
