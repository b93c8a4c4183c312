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
# | **Points** | {points}, in {exercises} exercises |
# | **Time** | two to three hours for you, about twenty seconds for a laptop; no GPU |
#
# {how}

# %% given="setup"
import math

import matplotlib.pyplot as plt
import torch
from torch.distributions import Normal

from course.checks import check
from dgm.exact.gaussians import GaussianMixture
from dgm.hierarchical import GaussianChain, elbo_terms
from dgm.schedule import NoiseSchedule, at, entries, linear_beta

torch.manual_seed(0)
torch.set_num_threads(1)  # tensors this small gain nothing from more

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
# - Tables are float64. **The result has the dtype of the data**: float32 in, float32 out. Compute with
#   the whole table first, in float64, and look up last: $1-\bar\alpha_t$ of the first steps has lost
#   its digits in float32.
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
# ### Exercise 5.1 · One step
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

# %% hidden="forward_step" points=1

# %% [markdown]
# ### Exercise 5.2 · What is left of the data
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

# %% hidden="cumulative_alpha" points=1

# %% [markdown]
# ### Exercise 5.3 · All steps at once
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

# %% hidden="q_sample" points=2

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
# ### Exercise 5.4 · The step back, if the data are known
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

# %% hidden="q_posterior" points=2

# %% [markdown]
# ### Exercise 5.5 · What a wrong mean costs
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

# %% hidden="kl_equal_variance" points=1

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
# ### Exercise 5.6 · The step back, from the noise
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

# %% hidden="posterior_mean_from_eps" points=2

# %% [markdown]
# ## Part C · One prediction with three names
#
# $x_t$ is a mixture of $x_0$ and $\varepsilon$. Predict one of them, and the other is known. There is a
# third, and it matters which error you make small.
#
# ### Exercise 5.7 · The data, from the noise
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

# %% hidden="predict_x0" points=1

# %% [markdown]
# ### Exercise 5.8 · The velocity
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

# %% hidden="velocity" points=1

# %% [markdown]
# ### Exercise 5.9 · What an error is worth
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

# %% hidden="loss_weight" points=2

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
