# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 04 · Generative adversarial networks
#
# {launch}
#
# Two networks play. The **generator** $G$ turns noise $z$ into a sample; the **discriminator** $D$
# says how likely a sample is to be real. $D$ learns to tell them apart, $G$ learns to make that
# impossible. Nobody ever writes down $p(x)$.
#
# - **Part A, the game.** On densities that are known: the best $D$, and what the game is worth.
# - **Part B, the losses.** Both players' objectives, from logits.
# - **Part C, the algorithm.** One step of each player, exactly as it should be.
# - **Part D, the verdict.** Modes counted, and a code that can be read back.
#
# At the end your own functions train a GAN, and you see one break.
#
# | | |
# |---|---|
# | **Needs** | the chapter *Generative adversarial networks*, PyTorch's basics |
# | **Points** | {points}, in {exercises} exercises |
# | **Time** | two to three hours for you, about twenty seconds for a laptop; no GPU |
#
# {how}

# %% given="setup"
import math

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn.functional import cross_entropy, logsigmoid

from course.checks import check
from dgm.data.batches import minibatches
from dgm.gan import KINDS, gan_train
from dgm.nn.networks import mlp
from dgm.data.toys import EIGHT_SIGMA, eight_centers, eight_gaussians

torch.manual_seed(0)
torch.set_num_threads(1)  # networks this small gain nothing from more

# %% [markdown]
# Three conventions hold everywhere.
#
# - A discriminator's network gives **logits** $l$, one for each row, shape `(B,)`. The probability
#   that the row is real is $D = \sigma(l) = 1/(1+e^{-l})$.
# - **Real is 1, generated is 0.**
# - Data and generated samples need not be equally many. Each batch has a mean of its own.
#
# ## Part A · The game
#
# ### Exercise 4.1 · The best discriminator
#
# *difficulty 1 of 5 · importance 5 of 5 · 10 minutes*
#
# The data have the density $p$; what $G$ makes has the density $q$. At a point $x$ the discriminator
# may choose any $d$ between 0 and 1, and it wants $p\log d + q\log(1-d)$ to be large. The slope
# $p/d - q/(1-d)$ is 0 at
#
# $$D^*(x) = \frac{p(x)}{p(x)+q(x)}.$$
#
# 1. The quotient, for each point.
# 2. Where both densities are 0 nothing ever happens, and nothing can be told: say $\tfrac12$.
# 3. Out in the tails both are tiny, and their ratio still counts. So add no small number to the
#    denominator, and clamp nothing.
#
# *Predict first:* what is $D^*$ where only the data live? And everywhere, once $q=p$?
#
# <details><summary>Hint 1</summary>
#
# `0 / 0` is `nan` in torch, and raises nothing. `torch.where(condition, a, b)` chooses, entry by entry.
# </details>
# <details><summary>Hint 2</summary>
#
# `nan` comes out exactly where both are 0. Do not write into `p`: it is not yours.
# </details>

# %% answer="optimal_discriminator"
from dgm.gan import optimal_discriminator  # exercise

# %% check="optimal_discriminator" points=1

# %% hidden="optimal_discriminator" points=1

# %% [markdown]
# ### Exercise 4.2 · What the game is worth
#
# *difficulty 2 of 5 · importance 4 of 5 · 15 minutes*
#
# $D$ wants this large and $G$ wants it small:
#
# $$V(D, G) = \mathbb E_{x\sim p}\bigl[\log D(x)\bigr] + \mathbb E_{x\sim q}\bigl[\log(1-D(x))\bigr]
# \approx \sum_i \bigl[p_i\log d_i + q_i\log(1-d_i)\bigr]\,\Delta x .$$
#
# On the right the densities are known on a grid, and each point stands for a cell of width
# $\Delta x$ (of area $\Delta x$, if the grid has two axes).
#
# 1. Both terms for each point, with natural logarithms.
# 2. What never happens costs nothing: $0\log 0 = 0$. It comes up at every point where $D$ is sure
#    and right.
# 3. What *does* happen and was held to be impossible costs everything: $p\log 0=-\infty$ for $p>0$.
#    Let it be so, and clamp no $d$.
# 4. The sum over all points, times $\Delta x$: one number.
#
# *Predict first:* what is $V$ at $p=q$ and $d=\tfrac12$? And if $p$ and $q$ never overlap and $d$ is
# the best there is?
#
# <details><summary>Hint 1</summary>
#
# `0 * log(0)` is `0 * -inf`, which is `nan`. `torch.xlogy(a, b)` is $a\log b$, and 0 where $a$ is 0.
# </details>
# <details><summary>Hint 2</summary>
#
# $d$ is given, and it need not be the best. Use it, not your exercise 1.
# </details>

# %% answer="game_value"
from dgm.gan import game_value  # exercise

# %% check="game_value" points=1

# %% hidden="game_value" points=2

# %% [markdown]
# Your two functions, and a generator that moves. The data have a triangle for a density; what is
# generated is the same triangle, moved by $\mu$. On the left both, for $\mu=1$, with their $D^*$; on
# the right the value at the best $D$, for each $\mu$. It is $2\,\mathrm{JSD}-\log 4$: lowest where both
# agree, and flat as soon as they no longer overlap ($|\mu|\ge2$). There a step of $\mu$ changes nothing.

# %% demo=true
dx = 1 / 64
x = torch.arange(-5, 5, dx, dtype=torch.float64)
p = (1 - x.abs()).relu()
means, values = torch.linspace(-3, 3, 97, dtype=torch.float64), []
for mu in means:
    q = (1 - (x - mu).abs()).relu()
    values.append(float(game_value(optimal_discriminator(p, q), p, q, dx)))
figure, axes = plt.subplots(1, 2, figsize=(8, 2.8), layout="constrained")
q = (1 - (x - 1).abs()).relu()
for y, name in ((p, "p"), (q, "q"), (optimal_discriminator(p, q), "D*")):
    axes[0].plot(x, y, label=name)
axes[0].set(xlim=(-2, 3), xlabel="x")
axes[0].legend()
axes[1].plot(means, values)
axes[1].axhline(-math.log(4), ls=":", color="k")
axes[1].set(xlabel=r"$\mu$", ylabel="V at the best D")
plt.show()

# %% [markdown]
# ## Part B · The losses
#
# ### Exercise 4.3 · What the discriminator makes small
#
# *difficulty 2 of 5 · importance 5 of 5 · 15 minutes*
#
# Nobody knows $p$ and $q$ now: there are samples, and means take the place of integrals. $D$ makes
# minus its value small:
#
# $$L_D = -\frac1B\sum_{i=1}^{B}\log D(x_i) \;-\; \frac1F\sum_{j=1}^{F}\log\bigl(1-D(G(z_j))\bigr).$$
#
# 1. `logits_real` and `logits_fake` are given, and $D=\sigma(l)$. Get the logarithms in one step
#    from the logits, exactly, also at $\pm1000$: never form $D$ itself.
# 2. A mean over each batch, and the **sum of the two means**. $B$ and $F$ may differ.
# 3. With `smooth` $=s>0$ the label of real data is $1-s$ and no longer 1 (one-sided label
#    smoothing). Then the first term is the mean of $-(1-s)\log D(x_i) - s\log(1-D(x_i))$. The label of
#    generated samples stays 0.
#
# *Predict first:* what is $L_D$ if $D$ says one half to everything? A $D$ that has won?
#
# <details><summary>Hint 1</summary>
#
# $\log\sigma(l)$ is `logsigmoid(l)`, and $1-\sigma(l)=\sigma(-l)$. Or: a binary cross-entropy *with
# logits*, once for each batch. It takes the sigmoid itself.
# </details>
# <details><summary>Hint 2</summary>
#
# $\log(1-D) = \log D - l$. So smoothing adds $s\,l$ to each real row's loss.
# </details>

# %% answer="discriminator_loss"
from dgm.gan import discriminator_loss  # exercise

# %% check="discriminator_loss" points=1

# %% hidden="discriminator_loss" points=1

# %% [markdown]
# ### Exercise 4.4 · What the generator makes small
#
# *difficulty 2 of 5 · importance 5 of 5 · 15 minutes*
#
# $G$ has a say in the second term of the value alone. Two losses pull the same way:
#
# $$L_{\text{minimax}} = \frac1F\sum_j\log\bigl(1-D(G(z_j))\bigr), \qquad
# L_{\text{non-saturating}} = -\frac1F\sum_j\log D(G(z_j)).$$
#
# The first is what the game says. The second is what nearly everybody uses, and the default.
#
# 1. From logits, exactly, also at $\pm1000$, and a mean over the batch.
# 2. Mind the signs: both are made **small**, so both fall as $D(G(z))$ rises.
#
# *Predict first:* $D$ is sure: $l=-10$ for each sample. How steep is each loss in $l$? Which of them
# teaches $G$ anything?
#
# <details><summary>Hint 1</summary>
#
# The minimax loss is 0 or below. The non-saturating one is 0 or above.
# </details>
# <details><summary>Hint 2</summary>
#
# $\log(1-\sigma(l)) = \log\sigma(-l)$. A binary cross-entropy is minus a mean of logarithms: with
# which label, and which sign, does it become each of the two?
# </details>

# %% answer="generator_loss"
from dgm.gan import generator_loss  # exercise

# %% check="generator_loss" points=1

# %% hidden="generator_loss" points=1

# %% [markdown]
# Your losses and their slopes. Far to the left, where $D$ sees through the samples, the minimax loss is
# flat, and the slope of the non-saturating one is nearly $-1$. Under the minimax loss the worst samples
# teach $G$ the least.

# %% demo=true
logits = torch.linspace(-10, 10, 201, dtype=torch.float64, requires_grad=True)
figure, axes = plt.subplots(1, 2, figsize=(8, 2.8), layout="constrained")
for kind in KINDS:
    each = torch.stack([generator_loss(logits[i : i + 1], kind) for i in range(201)])
    (slope,) = torch.autograd.grad(each.sum(), logits)
    axes[0].plot(logits.detach(), each.detach(), label=kind)
    axes[1].plot(logits.detach(), slope)
    print(f"{kind:>14}: slope {slope[0]:.6f} at a logit of -10")
axes[0].set(xlabel="logit of a sample", ylabel="loss")
axes[1].set(xlabel="logit of a sample", ylabel="slope")
axes[0].legend()
plt.show()

# %% [markdown]
# ## Part C · The algorithm
#
# One round of Algorithm 1 (Goodfellow et al. 2014): $k$ steps of $D$, each on fresh data and fresh
# noise, then one step of $G$ on fresh noise. You write the two steps.
#
# A network keeps the gradients of its parameters in `.grad`, `.backward()` **adds** to them, and
# `optimizer.step()` uses what it finds there. A GAN that quietly does not work often has gradients
# lying where they should not.
#
# ### Exercise 4.5 · A step of the discriminator
#
# *difficulty 3 of 5 · importance 5 of 5 · 20 minutes*
#
# 1. Generate from the given `z`, **without a graph**: no gradient may reach $G$. Neither its weights
#    nor its `.grad` are $D$'s business.
# 2. Ask `net_d` about the data `x` and about the generated samples, **in two calls**. With batch
#    norm, rows of one call are mixed, and the step asked for here does not mix the two. (Whether that
#    helps is another question. The chapter measured it.)
# 3. Your `discriminator_loss` of the two, with `smooth`.
# 4. Drop the gradients that $D$ holds ($G$'s step may have left some there), go backward, let `opt_d`
#    take one step.
# 5. Return the loss, as it was before the step, without its graph.
#
# Take the networks as they come: no `.eval()`, no parameter frozen for good. Draw nothing. The
# check judges this exercise together with your exercise 3: mend that first.
#
# *Predict first:* you forget to cut the graph. Does $D$ learn anything wrong? Who suffers, and when?
#
# <details><summary>Hint 1</summary>
#
# `net_g(z).detach()` cuts the graph behind the samples. Cut the sample, not $D$'s answer to it: $D$
# has to learn from that.
# </details>
# <details><summary>Hint 2</summary>
#
# In this order: zero, backward, step. Zero *after* backward, and the new gradients are lost. Zero only
# after the step, and gradients that lay there before have already been used. If torch speaks of a
# variable *modified by an inplace operation*, the step came first. If it says that a tensor *does not
# require grad*, too much stands under `no_grad`.
# </details>

# %% answer="discriminator_step"
from dgm.gan import discriminator_step  # exercise

# %% check="discriminator_step" points=1

# %% hidden="discriminator_step" points=2

# %% [markdown]
# ### Exercise 4.6 · A step of the generator
#
# *difficulty 3 of 5 · importance 5 of 5 · 15 minutes*
#
# Now the gradient has to flow **through** $D$ into $G$, and $D$ must stay where it is.
#
# 1. Generate from the given `z`, this time with the graph, and ask `net_d` about the samples.
# 2. Your `generator_loss`, of the given `kind`.
# 3. Drop the gradients that $G$ holds, go backward, let `opt_g` take one step. $D$ is in the graph
#    and has no optimizer here, so its weights stay.
# 4. Return the loss, as it was before the step, without its graph.
#
# A plain backward leaves gradients in $D$ too. That does no harm, since $D$'s step drops them first.
# If you would rather freeze $D$ meanwhile, thaw it again.
#
# *Predict first:* what would happen if you cut the graph here as you did in exercise 5?
#
# <details><summary>Hint 1</summary>
#
# `.detach()` and `no_grad` have no place in this step, but for the loss that you return.
# </details>
# <details><summary>Hint 2</summary>
#
# Two networks one in the other, the loss of what comes out; then zero, backward, step.
# </details>

# %% answer="generator_step"
from dgm.gan import generator_step  # exercise

# %% check="generator_step" points=1

# %% hidden="generator_step" points=2

# %% [markdown]
# ## Part D · The verdict
#
# ### Exercise 4.7 · How many modes?
#
# *difficulty 2 of 5 · importance 4 of 5 · 15 minutes*
#
# A generator that makes one perfect cat for ever fools $D$, and nobody else. On data whose modes are
# known, that is a number. The data are a mixture of Gaussians with the centres $c_1,\dots,c_M$ and the
# standard deviation $\sigma$.
#
# 1. For each sample, its **nearest** centre, and its (Euclidean) distance to it.
# 2. The sample is of high quality (*good*, in the chapter) if that distance is at most $3\sigma$. Then it
#    counts for that centre, and for no other.
# 3. A mode is covered if its high-quality samples are **at least** the share `min_share` of **all**
#    samples, good or bad.
# 4. Return two numbers: how many modes are covered, and which share of all samples is of high
#    quality.
#
# *Predict first:* of 1000 samples, 995 lie on one centre and 5 on another. How many modes, at
# `min_share=0.01`? Which share?
#
# <details><summary>Hint 1</summary>
#
# `x[:, None] - centers` has the shape `(B, M, d)`. Its norm along the last axis is a table of
# distances, and `.min(1)` gives both the distance and the index.
# </details>
# <details><summary>Hint 2</summary>
#
# `torch.bincount(index, minlength=M)` counts. There may be no good sample at all.
# </details>

# %% answer="modes_covered"
from dgm.evaluate import modes_covered  # exercise

# %% check="modes_covered" points=1

# %% hidden="modes_covered" points=2

# %% [markdown]
# ### Exercise 4.8 · A code that can be read back
#
# *difficulty 3 of 5 · importance 3 of 5 · 15 minutes*
#
# InfoGAN gives $G$ a code $c$ beside the noise, one of $K$ values, each as likely as the others. So that
# $G$ does not ignore it, a third network guesses the code from the sample, $Q(c\mid x)$, and both are
# paid for right guesses. What they make large is a lower bound on the mutual information $I(c;x)$: on
# how many nats one learns about $c$ by seeing $x$. ($H(c)$ is the entropy of the code.)
#
# $$I(c; x) \;\ge\; \mathbb E\bigl[\log Q(c\mid x)\bigr] + H(c), \qquad H(c) = \log K .$$
#
# 1. $\log Q(c_i\mid x_i)$ for each row: a log-softmax of its $K$ logits, at its code. Exactly, also at
#    logits of $\pm1000$.
# 2. The mean over the batch.
# 3. Plus the entropy of the **uniform** code, in nats. $K$ is the number of columns.
#
# The bound may be below 0: a $Q$ that is sure and wrong does worse than a guess. Leave it so.
#
# *Predict first:* what is it if $Q$ guesses at random? If $Q$ is always sure and right?
#
# <details><summary>Hint 1</summary>
#
# `cross_entropy(logits, code)` takes the softmax, the logarithm, the entry and the mean. It is a loss.
# </details>
# <details><summary>Hint 2</summary>
#
# The entropy belongs to how codes are *drawn*, not to the codes that this batch happens to hold.
# </details>

# %% answer="mutual_information_bound"
from dgm.infogan import mutual_information_bound  # exercise

# %% check="mutual_information_bound" points=1

# %% hidden="mutual_information_bound" points=1

# %% [markdown]
# ## The payoff
#
# ### Eight Gaussians
#
# Your two steps in the loop of Algorithm 1, and your `modes_covered` as the judge. The data lie on a
# circle of eight modes, $\sigma = 0.1$.


# %% demo=true
def play(steps, kind="non_saturating", head_start=0, lr_g=1e-3, lr_d=2e-3, plain=False, seed=0):
    torch.manual_seed(seed)  # the networks' first weights
    g = torch.Generator().manual_seed(seed)
    net_g = mlp([2, 128, 128, 2])
    net_d = nn.Sequential(mlp([2, 128, 128, 1]), nn.Flatten(0))
    betas = (0.5, 0.999)
    opt_d = torch.optim.Adam(net_d.parameters(), lr=lr_d, betas=betas)
    opt_g = torch.optim.Adam(net_g.parameters(), lr=lr_g, betas=betas)
    if plain:
        opt_g = torch.optim.SGD(net_g.parameters(), lr=0.03)
    data = eight_gaussians(20000, g)
    for x in minibatches(data, 128, head_start, g) if head_start else ():
        discriminator_step(net_g, net_d, x, torch.randn(128, 2, generator=g), opt_d)
    players = net_g, net_d, minibatches(data, 128, steps, g), opt_g, opt_d
    options = {"kind": kind, "generator": g, "d_step": discriminator_step, "g_step": generator_step}
    moments, losses = {}, []
    for step, pair in enumerate(gan_train(*players, latent_dim=2, **options), 1):
        losses.append(pair)
        if step in (1, steps // 10, steps // 3, steps):
            moments[step] = net_g(torch.randn(2000, 2, generator=g)).detach()
    return net_g, net_d, moments, losses


def view(moments, title):
    figure, axes = plt.subplots(1, len(moments), figsize=(2.1 * len(moments), 2.3))
    for axis, (step, x) in zip(axes, moments.items()):
        axis.scatter(*eight_centers().T, s=120, facecolors="none", edgecolors="C1")
        axis.scatter(*x.T, s=2)
        modes, share = modes_covered(x, eight_centers(), EIGHT_SIGMA)
        axis.set_title(f"step {step}: {modes} modes, {share:.0%}", fontsize=8)
        axis.set(xlim=(-3, 3), ylim=(-3, 3), xticks=[], yticks=[])
    figure.suptitle(title, fontsize=9, x=0.13, ha="left")
    figure.tight_layout()
    plt.show()


net_g, net_d, moments, losses = play(2000)
modes, share = modes_covered(moments[2000], eight_centers(), EIGHT_SIGMA)
print(f"{int(modes)} of 8 modes covered, {float(share):.1%} of the samples within 3 sigma of one")
view(moments, "circles: the modes; dots: samples; in the title what modes_covered says")

# %% [markdown]
# The losses say little about that: both hover, and neither falls to 0. What a settled game looks like
# is known: $D=\tfrac12$ everywhere, so that $L_D=\log 4$ and the non-saturating loss is $\log 2$. These
# two are the dotted lines. (To be near them is no proof of anything: see patient B below.)

# %% demo=true
figure = plt.figure(figsize=(5, 2.8))
for k, (name, rest) in enumerate((("D", math.log(4)), ("G", math.log(2)))):
    means = torch.tensor([pair[k] for pair in losses]).view(-1, 20).mean(1)
    plt.plot(range(10, 2000, 20), means, color=f"C{k}", label=f"loss of {name}")
    plt.axhline(rest, ls=":", color=f"C{k}")
plt.xlabel("step")
plt.legend()
plt.show()
with torch.inference_mode():
    g = torch.Generator().manual_seed(1)
    batches = {
        "data": eight_gaussians(2000, g),
        "generated": net_g(torch.randn(2000, 2, generator=g)),
    }
    for name, x in batches.items():
        print(f"mean D on {name:>9}: {net_d(x).sigmoid().mean():.3f}")

# %% [markdown]
# ## Break it
#
# Two games that go wrong. Nothing crashes, no loss is NaN. Before you open the answers: which number
# gives each away? What would you change?
#
# **Patient A** had a good start: its $D$ trained alone for 400 steps. Then both play, with the minimax
# loss, and $G$ goes downhill by plain gradient steps.
#
# **Patient B** has a slow $D$: its learning rate is a hundredth of $G$'s.

# %% demo=true
net_g, net_d, moments, losses = play(500, "minimax", head_start=400, plain=True)
for step in (1, 100, 500):
    print(
        f"patient A, step {step:>3}: loss of D {losses[step - 1][0]:.6f}, of G {losses[step - 1][1]:.6f}"
    )
logits = net_d(net_g(torch.randn(500, 2, generator=torch.Generator().manual_seed(1))))
print(f"patient A, at the end: mean logit of the samples {logits.mean().item():.1f}")
for kind in KINDS:
    slopes = torch.autograd.grad(
        generator_loss(logits, kind), list(net_g.parameters()), retain_graph=True
    )
    length = torch.cat([s.flatten() for s in slopes]).norm().item()
    print(f"    length of G's gradient under the {kind} loss: {length:.6f}")
view(moments, "patient A")

net_g, net_d, moments, losses = play(800, lr_g=1e-2, lr_d=1e-4)
for step in (1, 100, 800):
    print(
        f"patient B, step {step:>3}: loss of D {losses[step - 1][0]:.3f}, of G {losses[step - 1][1]:.3f}"
    )
x = moments[800]
modes, share = modes_covered(x, eight_centers(), EIGHT_SIGMA)
print(f"patient B, at the end: {int(modes)} of 8 modes, {float(share):.1%} of the samples are good")
view(moments, "patient B")

# %% [markdown]
# <details><summary>Patient A</summary>
#
# **Vanishing gradient.** $D$ has won: its loss is almost 0, and it gives the samples logits near
# $-10$. There the minimax loss is flat. Its slope in a logit is $-D$, about $e^{-10}$; that of the
# non-saturating loss is $-(1-D)$, about $-1$. The two lengths above say it for the weights. So $G$
# stands where it stood.
#
# Now the surprise: give $G$ Adam in place of plain steps (`plain=False`), and the minimax game
# plays on. Adam divides each gradient by its usual size, so a tiny gradient still makes a whole step,
# as long as it points somewhere and is not rounded to 0. The cure that everybody names is the other
# loss; try `"non_saturating"` with `plain=True`.
# </details>
# <details><summary>Patient B</summary>
#
# **Mode collapse.** The losses look perfect: near $\log 4$ and $\log 2$, as if the game were settled.
# `modes_covered` is the number that gives it away. $D$ learns too slowly to punish $G$ for putting
# everything in one place, and $G$ runs to wherever $D$ is most easily fooled. When $D$ has caught up,
# $G$ moves on to another place: compare the pictures. A high share of good samples means nothing by
# itself.
# </details>
#
# ## Questions to think about
#
# <details><summary>1. Why may G's step leave gradients in D, and D's step none in G?</summary>
#
# Both are harmless as long as each step drops its own network's gradients first. But in exercise 5 the
# graph through $G$ costs time and memory, and nobody uses it. And in a loop that zeroes in another order,
# $G$ goes downhill on $D$'s loss too: it helps its opponent.
# </details>
# <details><summary>2. At the best D the minimax game makes 2 JSD - log 4 small. Why is the picture after exercise 2 bad news?</summary>
#
# Where $p$ and $q$ do not overlap, JSD is $\log 2$ whatever their distance, so the minimax loss has no
# slope for $G$. Images are thought to lie near thin sheets in many dimensions, and two such sheets
# hardly meet. The Wasserstein distance of the chapter still falls as the two come nearer.
# </details>
# <details><summary>3. Why is one-sided smoothing one-sided?</summary>
#
# With labels $1-s$ for data and $t$ for generated samples the best $D$ is $((1-s)p + tq)/(p+q)$. With
# $t=0$ it goes to 0 with $p/q$ where data are rare, and $-\log D$ is steep there. With $t>0$ it levels
# off at $t$: samples far from the data have less reason to leave, and no slope that says where to.
# </details>
# <details><summary>4. Does a covered mode mean that its shape is right?</summary>
#
# No. All its samples may be one point: `modes_covered` looks at how many are near, not at how they
# are spread. Nor does it see that one mode gets 60 % of the samples.
# </details>
# <details><summary>5. In InfoGAN, what does the bound say when it reaches log K?</summary>
#
# $Q$ reads the code from every sample, surely and without error. It does not say that the code means
# something to you: any $K$ kinds that $Q$ can tell apart will do.
# </details>
#
# **Harder, no points.** Cure patient B without touching the learning rates: label smoothing, noise
# on $D$'s inputs, or `k=5` steps of $D$. Count modes over five seeds before you believe it. And train an
# InfoGAN on the eight Gaussians with $K=8$: does each value of the code get a mode of its own?
