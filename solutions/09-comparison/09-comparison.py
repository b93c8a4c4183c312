# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 09 · The comparison
#
# {launch}
#
# "My samples are better than yours." Better in what, measured how, and would it come out again with
# another seed? Here you write the measures that answer, and one more family to be measured.
#
# - **Part A, samples.** Distance, quality and diversity, classes.
# - **Part B, numbers.** Bits per dimension, and an interval for any number.
# - **Part C, a flow.** A model that knows its own density exactly.
#
# At the end a flow of yours learns a mixture, and your measures tell two generators of digits apart.
#
# | | |
# |---|---|
# | **Needs** | chapters 04 and 09 of the book, PyTorch's basics, eigenvalues |
# | **Points** | {points}, in {exercises} exercises |
# | **Time** | two hours for you, about half a minute for a laptop; no GPU |
#
# {how}

# %% given="setup"
import math
from collections.abc import Callable
from functools import partial

import matplotlib.pyplot as plt
import torch
from torch import nn

from course.checks import check
from dgm.data.batches import minibatches
from dgm.data import load
from dgm.flow import LOG_SCALE, Flow, flow_train
from dgm.zoo.judges import digits_judge
from dgm.nn.networks import mlp, zeroed
from dgm.data.toys import EIGHT_SIGMA, eight_centers, eight_gaussians

torch.manual_seed(0)
torch.set_num_threads(1)  # networks this small gain nothing from more

# %% [markdown]
# **Features** are what a judge sees in an image: `f_real` has a row for each image of the data, `f_fake` a
# row for each sample. Rows may be few or many, and their numbers need not agree. The columns do. A
# measure is a plain number: `.item()` makes one of a tensor.
#
# ## Part A · Samples
#
# ### Exercise 9.1 · The Fréchet distance
#
# *difficulty 3 of 5 · importance 5 of 5 · 25 minutes*
#
# Put a Gaussian round each of the two sets of features. Their means are $\mu_1,\mu_2$, their covariances
# $C_1,C_2$, and the squared distance of the two Gaussians is
#
# $$|\mu_1-\mu_2|^2+\operatorname{tr}C_1+\operatorname{tr}C_2
# -2\operatorname{tr}\bigl(C_1^{1/2}\,C_2\,C_1^{1/2}\bigr)^{1/2}.$$
#
# 1. The squared length of the gap between the means.
# 2. The covariance of the **columns** of each set (there are two or more), as estimated from a sample: divided by one less than
#    the number of rows.
# 3. The root of a symmetric **matrix** is the matrix that gives it when multiplied with itself. With
#    $C=V\operatorname{diag}(\lambda)V^\top$ it is $V\operatorname{diag}(\sqrt\lambda)V^\top$. It is not the
#    root of each entry.
# 4. The trace of a symmetric root is the sum of the roots of the eigenvalues. So the last root need not
#    be computed, only its trace.
#
# Features of a real network depend on each other, and some are always 0. Then some eigenvalues are 0, and
# come out as $-10^{-17}$. The root of that must not spoil the rest.
#
# *Predict first:* in one dimension, what is left of the formula? And what is the distance of two sets from
# the same distribution: 0, or a little more?
#
# <details><summary>Hint 1</summary>
#
# `torch.cov` wants variables in rows, so hand it the transpose. `torch.linalg.eigh` gives eigenvalues and
# eigenvectors of a symmetric matrix, `torch.linalg.eigvalsh` the eigenvalues alone.
# </details>
# <details><summary>Hint 2</summary>
#
# `vectors * roots @ vectors.T` multiplies each column by its own number first. `.clamp(min=0)` lifts what is
# below 0. Work in float64: the four terms nearly cancel when the sets are alike.
# </details>

# %% answer="frechet_distance"
from dgm.evaluate import frechet_distance  # exercise

# %% check="frechet_distance" points=1

# %% hidden="frechet_distance" points=2

# %% [markdown]
# <details><summary>Your prediction: what is left in one dimension, and what is it for equal distributions?</summary>
#
# $(\mu_1-\mu_2)^2+(\sigma_1-\sigma_2)^2$: the matrices are variances, and $\sigma_1^2+\sigma_2^2
# -2\sigma_1\sigma_2$ is a square. For two sets from one distribution it is a little more than 0. Their means
# and covariances differ by chance, and a distance counts that whichever way it goes. With ten columns of
# $\mathcal N(0,1)$ it is 2.6 on average for sets of 30 rows, 0.76 for 100 and 0.07 for 1000.
# </details>
#
# ### Exercise 9.2 · Precision and recall
#
# *difficulty 3 of 5 · importance 5 of 5 · 20 minutes*
#
# One distance cannot tell whether samples are bad or all alike. Two numbers can. A set of features stands
# for the region that its **balls** cover: round each row, as far as its $k$-th nearest **other** row of the
# same set (a row with the same numbers is another row, too). Then
#
# - **precision** is the share of the samples that lie in at least one ball of the data,
# - **recall** is the share of the data that lie in at least one ball of the samples.
#
# 1. For each row of one set, its distances to the other rows of that set, and the $k$-th smallest: the
#    radius. Each row has its own.
# 2. For each point of the other set, whether it lies in **any** of these balls, be it the nearest or not.
# 3. The share of those that do. Then once more with the parts exchanged. Precision comes first.
#
# *Predict first:* a generator makes one perfect image, again and again with a bit of noise. What about
# precision, and recall? And one that makes everything there is, and as much again that there is not?
#
# <details><summary>Hint 1</summary>
#
# `torch.cdist(a, b)` is the table of all distances. In that of a set with itself the smallest entry of each
# row is the row's own 0. It is no neighbour.
# </details>
# <details><summary>Hint 2</summary>
#
# `kthvalue(n, dim=1).values` finds the n-th smallest of each row, counted from 1. One inner function that
# takes points and centres does for both numbers.
# </details>

# %% answer="precision_recall"
from dgm.evaluate import precision_recall  # exercise

# %% check="precision_recall" points=1

# %% hidden="precision_recall" points=2

# %% [markdown]
# <details><summary>Your prediction: one perfect image, and everything with as much again?</summary>
#
# One perfect image: precision near 1, for all samples lie close to data, and recall near 0, for their small
# balls hold hardly any data but that image. Everything and as much again: precision about 1/2, recall near
# 1. So the two fail in different ways, and no single number could say in which.
# </details>
#
# ### Exercise 9.3 · How many classes?
#
# *difficulty 2 of 5 · importance 4 of 5 · 15 minutes*
#
# In exercises 04 you counted the modes of a mixture. Images have no centres, but a classifier can say what
# each of them shows: `p` holds the probability of each of $K$ classes, in a row for each sample.
#
# 1. A sample is of its most likely class. $s_k$ is the share of the samples that are of class $k$.
# 2. A class is **covered** if $s_k$ is at least `min_share`. Count these.
# 3. Where a threshold is too rough: how many *equally frequent* classes would be as uncertain as this?
#    The **effective number** of classes is
#
# $$\exp\Bigl(-\sum_k s_k\log s_k\Bigr),\qquad 0\log 0=0 .$$
#
# Return both, the count first.
#
# *Predict first:* 99 of 100 samples are of one class, and one is of another. How many classes are covered
# with `min_share=0.01`? Is the effective number nearer to 1 or to 2?
#
# <details><summary>Hint 1</summary>
#
# `torch.bincount(index, minlength=K)` counts. No class may be lost because it has no samples, and no nan
# may come of it.
# </details>
# <details><summary>Hint 2</summary>
#
# `torch.special.entr(s)` is $-s\log s$, and 0 at 0. Or leave out the shares that are 0.
# </details>

# %% answer="classes_covered"
from dgm.evaluate import classes_covered  # exercise

# %% check="classes_covered" points=1

# %% hidden="classes_covered" points=1

# %% [markdown]
# <details><summary>Your prediction: 99 of one class, and one of another?</summary>
#
# Two are covered: the share of the second is 0.01, and at least as much is asked. The effective number is
# 1.06, nearer to 1: a class that hardly ever comes adds hardly anything.
# </details>
#
# ## Part B · Numbers
#
# ### Exercise 9.4 · Bits per dimension
#
# *difficulty 1 of 5 · importance 4 of 5 · 10 minutes*
#
# A model that gives a quantised image the probability $P(x)$ can store it in $-\log_2 P(x)$ bits. Models
# compute in nats, $-\log P(x)$, and images differ in size. So one divides:
#
# $$\text{bits per dimension}=\frac{-\log P(x)}{D\,\log 2},$$
#
# where $D$ counts all numbers of the image: channels, rows and columns. `nats` is $-\log P(x)$, or a mean of
# such, and may be thousands. A *density* may be above 1, so that `nats` and its bits lie below 0.
#
# *Predict first:* a model that knows nothing gives each of 256 grey levels the same probability. How many
# bits per dimension? Does the size of the image matter?
#
# <details><summary>Hint 1</summary>
#
# One bit is $\log 2$ nats: `math.log` has base e.
# </details>
# <details><summary>Hint 2</summary>
#
# Logarithms are all that you need: $e^{-2000}$ is 0 for a computer.
# </details>

# %% answer="bits_per_dim"
from dgm.evaluate import bits_per_dim  # exercise

# %% check="bits_per_dim" points=1

# %% hidden="bits_per_dim" points=1

# %% [markdown]
# <details><summary>Your prediction: 256 grey levels, each as likely?</summary>
#
# 8, whatever the size: $-\log P(x)=D\log 256$, and $D$ falls out. A model with more than 8 bits per
# dimension is worse than one that knows nothing.
# </details>
#
# ### Exercise 9.5 · An interval for any number
#
# *difficulty 2 of 5 · importance 5 of 5 · 20 minutes*
#
# You have $n$ values: a measure for each of $n$ seeds, or one for each of $n$ samples. Their mean is one
# number. How different might it have been? To do the experiment again a thousand times is too dear. The
# **bootstrap** pretends: the values at hand are all there is in the world, and one draws from them.
#
# 1. Draw $n$ of the $n$ values **with replacement**: some come twice, some not at all.
# 2. Take `statistic` of the draw. It is a function that turns values `(n,)` into one number.
# 3. Do both `draws` times, each time anew. Of what was found, leave out the share
#    $(1-\text{level})/2$ at **either** end: the bounds are the quantiles there.
#
# All chance comes from `generator`: the same generator gives the same interval.
#
# *Predict first:* three seeds gave 1, 3 and 7. A draw consists of 7 alone with probability $1/27$, which is
# more than 2.5 %. So what is the 95 % interval of the mean? Would you trust it?
#
# <details><summary>Hint 1</summary>
#
# `torch.randint(n, (n,), generator=generator)` draws n places, and `values[places]` what is there.
# </details>
# <details><summary>Hint 2</summary>
#
# `torch.quantile(found, q)` takes one q or a tensor of them, of the dtype of `found`.
# </details>

# %% answer="bootstrap_interval"
from dgm.evaluate import bootstrap_interval  # exercise

# %% check="bootstrap_interval" points=1

# %% hidden="bootstrap_interval" points=2

# %% [markdown]
# <details><summary>Your prediction: the interval of 1, 3 and 7?</summary>
#
# From 1 to 7: a draw of 7 alone has a mean of 7, a draw of 1 alone a mean of 1, and each comes up in 3.7 % of
# the draws. Do not trust it: with three values the truth may well lie outside of all of them. The middle of
# the distribution (its median) does so in $2/2^3$, a quarter of all experiments, whatever the bootstrap says.
# </details>
#
# Does the interval hold what it promises? Here the truth is known, 0, and the experiment is done 200 times:
# $n$ values of $\mathcal N(0,1)$, a 90 % interval, and a look whether 0 is in it. What does this say about
# comparisons with three seeds?

# %% demo=true
g = torch.Generator().manual_seed(0)
for n in (3, 5, 10, 30):
    hits = 0
    for _ in range(200):
        low, high = bootstrap_interval(torch.randn(n, generator=g), 0.9, 100, g)
        hits += low <= 0 <= high
    print(f"n = {n:2d}: the 90 % interval holds the truth in {hits / 200:.0%} of the experiments")

# %% [markdown]
# ## Part C · A flow
#
# ### Exercise 9.6 · The affine coupling
#
# *difficulty 3 of 5 · importance 4 of 5 · 25 minutes*
#
# A VAE has a bound on $\log p(x)$, a GAN has nothing. A **flow** has $\log p(x)$ itself: it is a map $f$ from
# data to noise that can be inverted, and
#
# $$\log p(x)=\log\mathcal N\bigl(f(x);0,I\bigr)+\log\Bigl|\det\frac{\partial f}{\partial x}\Bigr| .$$
#
# The trick is a layer whose inverse and determinant cost nothing. One half of $x$ stays as it is. The other
# is stretched and moved, by amounts that a network reads in the half that stays:
#
# $$z_{\text{kept}}=x_{\text{kept}},\qquad
# z_{\text{changed}}=x_{\text{changed}}\odot e^{s(x_{\text{kept}})}+t(x_{\text{kept}}).$$
#
# The network, the cut and the way back from it are given: `split`, `join` and `scale_and_shift`. You write
#
# 1. `forward(x)`: `z`, and $\log|\det|$ **for each row**, shape `(B,)`. The Jacobian is triangular. What stands
#    on its diagonal?
# 2. `inverse(z)`: the `x` that `forward` turns into `z`. The network itself is never inverted.
#
# Gradients flow through both, and neither changes the tensor that it is given.
#
# *Predict first:* why may the network be anything, with a ReLU or two in it? And why do couplings take
# turns in which half they keep?
#
# <details><summary>Hint 1</summary>
#
# On the diagonal there are ones for the half that stays, and $e^{s_j}$ for the other. The logarithm of a
# product is a sum.
# </details>
# <details><summary>Hint 2</summary>
#
# The half that stays is the same in `x` and in `z`, so `inverse` finds the same `s` and `t`. Then undo the
# last step first.
# </details>

# %% answer="AffineCoupling"
from dgm.flow import AffineCoupling  # exercise: forward, inverse

# %% check="AffineCoupling" points=1

# %% hidden="AffineCoupling" points=2

# %% [markdown]
# <details><summary>Your prediction: why may the network be anything, and why take turns?</summary>
#
# It is never inverted. `inverse` finds the half that stays in `z`, asks the network the same question, and
# gets the same `s` and `t`. Its derivatives stand in the Jacobian below the diagonal, where a triangular
# determinant does not look. But what stays is not modelled at all: only if couplings take turns is each
# column changed by some of them.
# </details>
#
# ## A flow learns a mixture
#
# Eight Gaussians on a ring: their entropy is known, $\log 8+\log(2\pi e\,\sigma^2)$ nats, as they hardly
# overlap. No model's mean $-\log p$ can lie below it, but by luck. Eight of your couplings learn from
# the plain average of `-log_prob`. No bound, no game, no noise schedule.


# %% demo=true
def flow_of(turns, data, steps, seed=0):
    """A flow whose couplings keep the first half where `turns` says so, trained on `data`."""
    torch.manual_seed(seed)
    flow = Flow([AffineCoupling(2, 64, first) for first in turns])
    optimizer = torch.optim.Adam(flow.parameters())
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-3, total_steps=steps)
    g = torch.Generator().manual_seed(seed)
    losses = []
    for loss in flow_train(flow, minibatches(data, 256, steps, g), optimizer):
        losses.append(loss)
        rate.step()
    return flow, losses


def scatter(axis, x, title):
    axis.scatter(*x.T, s=2, alpha=0.4)
    axis.set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal", title=title)


data = eight_gaussians(20_000, torch.Generator().manual_seed(1))
fresh = eight_gaussians(5000, torch.Generator().manual_seed(2))
entropy = math.log(8) + math.log(2 * math.pi * math.e * EIGHT_SIGMA**2)
flow, losses = flow_of([True, False] * 4, data, steps=1000)
with torch.no_grad():
    nats = -flow.log_prob(fresh)
low, high = bootstrap_interval(nats, generator=torch.Generator().manual_seed(0), draws=500)
print(f"entropy of the data {entropy:.3f} nats, the flow on new data {nats.mean():.3f} nats")
print(f"95 % interval of the latter: {low:.3f} to {high:.3f}")
print(f"{bits_per_dim(nats.mean().item(), 2):.3f} bits per dimension")
x = flow.sample(4000, torch.Generator().manual_seed(3))
near = (x[:, None] - eight_centers()).norm(dim=2)
print(
    f"share of samples within 3 sigma of a centre: {(near.amin(1) < 3 * EIGHT_SIGMA).float().mean():.2f}"
)
print("modes, by nearest centre:", classes_covered((-near).softmax(1)))
figure, axes = plt.subplots(1, 3, figsize=(10, 3.2), layout="constrained")
scatter(axes[0], fresh[:4000], "data")
scatter(axes[1], x, "samples of the flow")
grid = torch.linspace(-3, 3, 120)
points = torch.stack(torch.meshgrid(grid, grid, indexing="xy"), 2).reshape(-1, 2)
with torch.no_grad():
    density = flow.log_prob(points).exp().reshape(120, 120)
axes[2].imshow(density.sqrt(), origin="lower", extent=(-3, 3, -3, 3), cmap="viridis")
axes[2].set(title="root of its density")
plt.show()
print(f"all of its density on this square: {density.sum() * (6 / 119) ** 2:.3f}")

# %% [markdown]
# Where do the threads between the modes come from? A flow deforms one Gaussian, which is in one piece, and the
# map back is continuous. It can stretch the bridges thin, but it cannot cut them.
#
# ## Two generators of digits
#
# You are handed samples of two generators, and no model. *Careful* draws digits that are perfect, but of
# some classes only. *Bold* draws all of them, with grain. The judge is a small network trained on digits: it
# gives features, and an opinion on the class. Before you run it: which has the better precision, which the
# better recall, and which the smaller Fréchet distance? The floor is what real digits reach.

# %% demo=true
judge = digits_judge()
real, labels = load("digits", "test")
train, kinds = load("digits")
g = torch.Generator().manual_seed(0)
n = len(real)
some = torch.randperm(len(train), generator=g)
careful = train[some][kinds[some] < 7][:n]
bold = train[some][:n] + 0.35 * torch.randn(real.shape, generator=g)
floor = train[some][-n:]
sets = {"real (floor)": floor, "careful": careful, "bold": bold.clamp(-1, 1)}
figure, axes = plt.subplots(3, 1, figsize=(8, 2.6), layout="constrained")
for axis, (name, x) in zip(axes, sets.items()):
    axis.imshow(torch.cat(list(x[:20, 0]), 1), cmap="gray", vmin=-1, vmax=1)
    axis.set_title(name, fontsize=8)
    axis.axis("off")
plt.show()
f_real, _ = judge(real)
print("              Fréchet  precision  recall  classes  effective  sure, 95 % interval")
for name, x in sets.items():
    features, p = judge(x)
    precision, recall = precision_recall(f_real, features)
    covered, effective = classes_covered(p)
    sure = (p.amax(1) > 0.9).double()
    low, high = bootstrap_interval(sure, generator=torch.Generator().manual_seed(0), draws=500)
    print(
        f"{name:>12}  {frechet_distance(f_real, features):7.2f}  {precision:9.2f}  {recall:6.2f}  "
        f"{int(covered):7d}  {effective:9.2f}  {sure.mean():.2f}, {low:.2f} to {high:.2f}"
    )

# %% [markdown]
# ## Break it
#
# Three results to be proud of, or to weep over. Each misleads, and no line of your code is wrong. What
# happened? Decide before you open the answers.

# %% demo=true
flow, losses = flow_of([True] * 8, data, steps=300)
print(f"patient A: {sum(losses[-50:]) / 50:.3f} nats at the end; the entropy is {entropy:.3f}")
figure, axes = plt.subplots(1, 2, figsize=(6.5, 3), layout="constrained")
scatter(axes[0], flow.sample(4000, torch.Generator().manual_seed(3)), "patient A, samples")
coins = torch.randint(2, (20_000, 2), generator=torch.Generator().manual_seed(4)).float()
flow, losses = flow_of([True, False] * 2, coins, steps=300)
scatter(axes[1], flow.sample(4000, torch.Generator().manual_seed(3)), "patient B, samples")
plt.show()
bits = bits_per_dim(sum(losses[-50:]) / 50, 2)
print(
    f"patient B: images of two pixels, each black or white by a fair coin: {bits:.2f} bits per dimension"
)
print("patient C: the same generator, measured on three days")
features, _ = judge(train[some])
for n in (40, 100, 350):
    print(
        f"    with {n:3d} samples: Fréchet distance {frechet_distance(features[-400:], features[:n]):.2f}"
    )

# %% [markdown]
# <details><summary>Patient A</summary>
#
# All couplings keep the same half. The first column goes through all of them untouched and is compared with
# $\mathcal N(0,1)$. Only the second is modelled, and for each value of the first by one Gaussian, however many
# couplings there are. Let `first` take turns.
# </details>
# <details><summary>Patient B</summary>
#
# A fair coin has one bit, and nothing can do with less. But the data lie on four points, and a density can put
# spikes on points, as high as it likes. Train longer, and the number falls for ever: it is no code length. That
# is why images are **dequantised** (noise as wide as a grey level is added), or a probability is given to
# each *bin*. A density of quantised data cannot be compared with anything.
# </details>
# <details><summary>Patient C</summary>
#
# Nothing but the number of samples differs. A covariance from few rows is too ragged, and the distance sees
# that as a difference. Its bias falls like one over the number of rows. Compare at equal numbers, and print the
# floor: what real data reach with as many.
# </details>
#
# ## Questions to think about
#
# <details><summary>1. A generator hands back the training images. Which of your measures notices?</summary>
#
# None. Its Fréchet distance is the floor, precision and recall are those of data, all classes are there. Only a
# look for the nearest training image shows it, or a likelihood on test data.
# </details>
# <details><summary>2. Two sets have a Fréchet distance of 0. Are their distributions the same?</summary>
#
# Their means and covariances are. Two moons and a Gaussian with the moons' covariance have the distance 0 in
# the plane. With good features that is less likely, not impossible.
# </details>
# <details><summary>3. One outlier among the data, far from everything. What does it do to precision?</summary>
#
# Its ball is huge: it reaches back to its third neighbour. Whatever lies between counts as precise. An outlier
# among the samples does the same to recall.
# </details>
# <details><summary>4. Model A has 2.9 bits per dimension, B has 3.0. Which samples are better?</summary>
#
# There is no telling. Mix a good model with 99 % of noise: $-\log p$ rises by $\log 100=4.6$ nats an image at
# most, hardly anything per dimension, and 99 of 100 samples are noise. Likelihood and samples are two things.
# </details>
# <details><summary>5. Ten seeds each, and the intervals of two families overlap. Are they the same?</summary>
#
# Not for sure. The interval of the *difference* decides, and it is narrower than the two intervals side by side
# suggest. Pair the seeds if you can, and bootstrap the differences.
# </details>
#
# **Harder, no points.** Bootstrap the Fréchet distance itself: its statistic needs pairs of rows, so draw indices in
# place of values. Why is the interval shifted upwards? Then give the flow a mixture for its noise in place
# of one Gaussian: do the threads go?
