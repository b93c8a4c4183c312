# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 08 · Conditioning
#
# {launch}
#
# A diffusion model draws *something*. Here it learns to draw what it is asked for: a class, a
# sentence, an outline. Each way of asking takes a few lines, and you write them all.
#
# - **Part A, labels.** Labels that are dropped now and then, and the guidance that this buys.
# - **Part B, words.** Attention, cross-attention, and how a caption becomes numbers.
# - **Part C, pictures.** ControlNet: a copy that learns beside a trained network that is locked.
#
# At the end you order digits by name, and then by outline.
#
# | | |
# |---|---|
# | **Needs** | chapters 06 and 08 of the book, PyTorch's modules |
# | **Points** | {points}, in {exercises} exercises |
# | **Time** | two and a half hours for you, about forty seconds for a laptop; no GPU |
#
# {how}

# %% given="setup"
import copy
import math
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import nn

from course.checks import check
from dgm.attention import queries_fit_keys
from dgm.controlnet import Branch, edge_agreement, edges
from dgm.data import load
from dgm.ddim import ddim_sample
from dgm.ddpm import ddpm_loss
from dgm.guidance import ConditionalModel, given, null_like
from dgm.nn.networks import zeroed
from dgm.schedule import NoiseSchedule
from dgm.nn.text import PAD, START, split
from dgm.nn.unet import UNet, timestep_embedding

torch.manual_seed(0)
torch.set_num_threads(1)  # networks this small gain nothing from more
digits, names = load("digits")  # (N, 1, 8, 8) in [-1, 1], and (N,)

# %% [markdown]
# Steps run from 1 to T, as in exercises 06. A network with a condition is called as
# `model(xt, t, cond)`; what follows, a control for example, comes after `cond`. Conditions have a
# row for each row of `xt`: labels `(B,)`, tokens `(B, L)`, contexts `(B, L, E)`. One condition means
# "none": the **null condition**. `null_like(null, cond)` gives it as often as `cond` has rows.
#
# Keep the dtype of what comes in. And what you are given stays as it is: tensors, and networks and
# their modes. (Exercise 7 alone changes a network.)
#
# ## Part A · Labels
#
# ### Exercise 8.1 · Dropped labels
#
# *difficulty 1 of 5 · importance 5 of 5 · 10 minutes*
#
# Guidance needs two predictions: one for a digit of this class, one for any digit. One network can
# learn both, if its labels are taken away now and then. Each row tosses its own coin:
#
# $$\tilde y_i=\begin{cases}\varnothing&\text{with probability }p\\ y_i&\text{else.}\end{cases}$$
#
# 1. One coin for **each row**, drawn from `generator`, independent of the other rows. (With None
#    torch's own generator draws.)
# 2. Where it says so, the whole row becomes the null condition, be it a number or a tensor.
# 3. `y` itself stays as it is: the next epoch needs its labels.
#
# *Predict first:* with $p=0$ the training goes well, and the loss is even lower. What has the network
# then learned about $\varnothing$? (The notebook's last part shows it.)
#
# <details><summary>Hint 1</summary>
#
# `torch.rand(n, generator=generator)` lies below $p$ with probability $p$.
# </details>
# <details><summary>Hint 2</summary>
#
# `torch.where(condition, a, b)` takes `a` where the condition holds. For rows of any shape the
# condition needs as many axes as `y`, all but the first of length 1.
# </details>

# %% answer="drop_labels"
from dgm.guidance import drop_labels  # exercise

# %% check="drop_labels" points=1

# %% hidden="drop_labels" points=2

# %% [markdown]
# <details><summary>Your prediction: what has the network learned about the null condition?</summary>
#
# Nothing: what it says then hangs on how the null condition's embedding was drawn at the start, and
# training never came near it. The loss is lower because the network is always told the class, and
# never has to predict without.
# </details>
#
# ### Exercise 8.2 · Guidance
#
# *difficulty 2 of 5 · importance 5 of 5 · 15 minutes*
#
# Ask the network twice and go on in the direction in which the condition has moved its answer:
#
# $$\hat\varepsilon=(1+w)\,\varepsilon_\theta(x_t,t,c)-w\,\varepsilon_\theta(x_t,t,\varnothing).$$
#
# $w=0$ is the plain conditional network, $w=-1$ the unconditional one. (Others count from 1: their
# scale is $1+w$. Read before you copy a number.)
#
# 1. The prediction with `cond`, and the prediction with the null condition, for the same $x_t$ and $t$.
#    Two calls of the model, or one on twice the batch, as you like: no check counts them.
# 2. What else has come, `*also`, is handed on to both.
# 3. The two combined. `cond` itself stays as it is.
#
# *Predict first:* two classes, both normal with variance 1, with means $-1$ and $1$. Where will samples
# of the second class lie for $w=0$, and where for $w=4$?
#
# <details><summary>Hint 1</summary>
#
# `null_like(self.null, cond)` is the null condition in the shape of `cond`.
# </details>
# <details><summary>Hint 2</summary>
#
# `self.model(xt, t, cond, *also)` is one of the two calls.
# </details>

# %% answer="ClassifierFreeGuidance"
from dgm.guidance import ClassifierFreeGuidance  # exercise: forward

# %% check="ClassifierFreeGuidance" points=1

# %% hidden="ClassifierFreeGuidance" points=2

# %% [markdown]
# <details><summary>Your prediction: where will the samples lie?</summary>
#
# At $w=0$ around 1, with variance 1: that is the class. At $w=4$ they are pushed away from the other
# class, and closer together. The product $p(x|c)\,p(c|x)^4$, towards which guidance steers, has the
# mean 1.61 and the standard deviation 0.74.
# </details>
#
# Three normal classes in the plane. Here the network is exact, in closed form: for a class, and for the
# null condition, which is the mixture of all three. So all that you see is your guidance. The circles
# are the classes themselves, two standard deviations wide. Does guidance draw from the class?

# %% demo=true
means = torch.tensor([[-1.2, -0.6], [1.2, -0.6], [0.0, 1.3]])
spread = 0.5


def exact_points(xt, t, cond):
    ab = schedule.alpha_bar[t].float()[:, None]
    far = xt[:, None] - ab[:, None].sqrt() * means  # (B, 3, 2)
    v = ab * spread**2 + 1 - ab
    weights = (-(far**2).sum(-1) / (2 * v)).softmax(-1)
    weights = torch.where(
        (cond == 3)[:, None], weights, nn.functional.one_hot(cond, 4)[:, :3].float()
    )
    return (1 - ab).sqrt() * (weights[..., None] * far).sum(1) / v


def clouds(panels, title=""):
    figure, axes = plt.subplots(
        1, len(panels), figsize=(2.4 * len(panels), 2.6), sharex=True, sharey=True
    )
    for axis, (name, x, c) in zip(axes, panels):
        axis.scatter(*x.T, c=c, s=4, cmap="viridis")
        for mean in means:
            axis.add_patch(plt.Circle(mean.tolist(), 2 * spread, fill=False, color="gray"))
        axis.set_title(name, fontsize=9)
        axis.set_aspect("equal")
        axis.set_xlim(-5, 5)
        axis.set_ylim(-5, 5)
    figure.suptitle(title, fontsize=9)
    plt.show()


def points(model, w, n=300):
    c = torch.arange(n) % 3
    guided = given(ClassifierFreeGuidance(model, w, 3), c)
    with torch.no_grad():
        x = ddim_sample(guided, schedule, (n, 2), 50, 0.0, torch.Generator().manual_seed(0))
    return (f"w = {w:g}", x, c)


schedule = NoiseSchedule.cosine(100)
clouds([points(exact_points, w) for w in (-1, 0, 1, 4)])

# %% [markdown]
# At $w=0$ it does. Above, the points leave the other classes behind, farther than the data do, and come
# together: purer than the truth, and less varied. That is the trade that the chapter measures.
#
# ## Part B · Words
#
# ### Exercise 8.3 · Attention
#
# *difficulty 2 of 5 · importance 5 of 5 · 20 minutes*
#
# A look-up that can be differentiated. Each query is compared with all keys, and gets a mean of the
# values, weighed by how well their keys fit:
#
# $$\text{attention}(Q,K,V)=\text{softmax}\Bigl(\frac{QK^\top}{\sqrt d}\Bigr)V.$$
#
# 1. A score for each query and key: the product, over the root of $d$, the width of a query.
# 2. Where `mask` is False the query must not read. Its weight there must become 0, and the
#    others still add up to 1: as if the key were not there. `mask` may be `None`.
# 3. The softmax, **over the keys**, and the weighed mean of the values.
#
# Write it out: torch has it as one function. What stands before the last two axes (batch, heads) may
# be any number of axes, and scores may be as large as they like. The decorator `queries_fit_keys` is
# given: it complains when shapes do not fit.
#
# *Predict first:* queries and keys of width 100, all entries from $\mathcal N(0,1)$. How large is a score
# without the root, and what does the softmax make of such scores?
#
# <details><summary>Hint 1</summary>
#
# `.transpose(-1, -2)` swaps the last two axes, whatever stands before them; `@` multiplies the matrices
# in them. `~mask` turns True and False round.
# </details>
# <details><summary>Hint 2</summary>
#
# The softmax of minus infinity is 0: `masked_fill` can put it where you want it, before the softmax.
# </details>

# %% answer="scaled_dot_product_attention"
from dgm.attention import scaled_dot_product_attention  # exercise

# %% check="scaled_dot_product_attention" points=1

# %% hidden="scaled_dot_product_attention" points=2

# %% [markdown]
# <details><summary>Your prediction: how large is a score without the root?</summary>
#
# It is a sum of 100 products of variance 1: its standard deviation is 10. Of such scores the largest
# takes nearly all the weight. The softmax becomes a choice of one key, and its gradient nearly 0.
# </details>
#
# ### Exercise 8.4 · Cross-attention
#
# *difficulty 3 of 5 · importance 5 of 5 · 25 minutes*
#
# Pixels read words. Each pixel asks (`to_q`), each word says what it is about (`to_k`) and what it has to
# say (`to_v`). With several **heads** a pixel can ask several questions at once: the channels are cut
# into `heads` parts, which attend side by side. The layers are there; you write `forward`, and `split`
# if it helps you.
#
# 1. Queries from `x`; keys and values from `context`.
# 2. Each `(B, N, dim)` is cut into `(B, heads, N, dim / heads)`: the first head gets the first
#    `dim / heads` channels, and so on.
# 3. Your attention, for all heads at once. `mask`, of shape `(B, M)`, says which words may be read, and
#    holds for all heads and pixels.
# 4. The heads' results side by side again, `(B, L, dim)`, and `out` of them.
#
# This calls your `scaled_dot_product_attention`.
#
# *Predict first:* what is the $d$ in $\sqrt d$ now, `dim` or `dim / heads`?
#
# <details><summary>Hint 1</summary>
#
# `a.unflatten(2, (heads, -1))` cuts the last of three axes in two; `.transpose(1, 2)` brings the heads
# to where the batch is. `reshape` to the final shape at once would cut something else.
# </details>
# <details><summary>Hint 2</summary>
#
# `mask[:, None, None, :]` has an axis for the heads and one for the queries. Back: `transpose`,
# then `flatten(2)`.
# </details>

# %% answer="CrossAttention"
from dgm.attention import CrossAttention  # exercise: forward, split

# %% check="CrossAttention" points=1

# %% hidden="CrossAttention" points=2

# %% [markdown]
# <details><summary>Your prediction: which d?</summary>
#
# `dim / heads`, the width of a query of one head. Your attention sees the heads' queries, and divides
# by the root of their width by itself.
# </details>
#
# ### Exercise 8.5 · Words become numbers
#
# *difficulty 2 of 5 · importance 3 of 5 · 15 minutes*
#
# A network reads whole numbers. The vocabulary is numbered: 0 is padding (`PAD`), 1 is the start of
# every caption (`START`), and the words follow. `self.number` holds the number of each word.
#
# 1. `split(caption)` gives the words of a caption in small letters, without punctuation.
# 2. A row for each caption: the start, the words' numbers in their order, and padding behind them, up to
#    `self.length` in all. The result is `(B, self.length)`, of whole numbers.
# 3. A word that is not known, or too many words, is an **error**: let an exception be raised, a
#    `KeyError` or a `ValueError` for example. Nothing is left out in silence.
#
# *Predict first:* what is the row of the empty caption? It will be the null condition; why would a row of
# padding alone not do, if the U-Net may read only what is no padding?
#
# <details><summary>Hint 1</summary>
#
# `self.number[word]` raises a `KeyError` by itself. With the start, one word less than `self.length` fits.
# </details>
# <details><summary>Hint 2</summary>
#
# `[PAD] * n` is a list of n paddings, and `torch.tensor` of a list of lists is a matrix.
# </details>

# %% answer="Tokenizer"
from dgm.nn.text import Tokenizer  # exercise: encode

# %% check="Tokenizer" points=1

# %% hidden="Tokenizer" points=2

# %% [markdown]
# <details><summary>Your prediction: what is the row of the empty caption?</summary>
#
# The start, and padding: `[1, 0, 0, …]`. Of padding alone nothing might be read, and a softmax over
# no key at all is 0 / 0.
# </details>
#
# Words steer points. Nine places in the plane, each with a name of two words, in either order. The caption
# goes through your tokenizer, an embedding for each word, and your cross-attention, in which a noisy point reads
# the words. **"bottom right" is never seen in training**, though "bottom" and "right" are. What do you expect
# for it? A few seconds.


# %% demo=true
class Reader(nn.Module):
    def __init__(self, vocabulary, width=48):
        super().__init__()
        self.enter = nn.Linear(2 + 16, width)
        self.words = nn.Embedding(vocabulary, 24)
        self.attention = CrossAttention(width, 24, 4)
        self.leave = nn.Sequential(
            nn.SiLU(),
            nn.Linear(width, 96),
            nn.SiLU(),
            nn.Linear(96, 96),
            nn.SiLU(),
            nn.Linear(96, 2),
        )

    def forward(self, xt, t, tokens):
        h = self.enter(torch.cat([xt, timestep_embedding(t, 16)], 1))
        read = self.attention(h[:, None], self.words(tokens), tokens != PAD)
        return self.leave(h + read[:, 0])


def fit(model, batch, steps, rate):
    """Train on batches (x0, condition) of `batch(generator)`."""
    g = torch.Generator().manual_seed(0)
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], rate)
    for step in range(steps):
        for group in optimizer.param_groups:  # up for 50 steps, down in the second half
            group["lr"] = rate * min(1, (step + 1) / 50, (steps - step) / (0.5 * steps))
        x0, *conditions = batch(g)
        loss = ddpm_loss(given(model, *conditions), x0, schedule, g, predicts="v")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


columns, lines = ("left", "center", "right"), ("bottom", "middle", "top")
tokenizer = Tokenizer([*columns, *lines], 3)
pairs = torch.cartesian_prod(torch.arange(3), torch.arange(3))
seen_pairs = pairs[(pairs != torch.tensor([2, 0])).any(1)]


def caption_of(pair, turned=False):
    both = [lines[pair[1]], columns[pair[0]]]
    return " ".join(both[::-1] if turned else both)


def captioned_points(g, n=128):
    rows = seen_pairs[torch.randint(8, (n,), generator=g)]
    x0 = rows - 1.0 + 0.12 * torch.randn(n, 2, generator=g)
    turned = (torch.rand(n, generator=g) < 0.5).tolist()
    return x0, tokenizer.encode([caption_of(r, k) for r, k in zip(rows.tolist(), turned)])


torch.manual_seed(0)
schedule = NoiseSchedule.cosine(100)
reader = fit(Reader(len(tokenizer.vocabulary)), captioned_points, 1000, 4e-3)
plt.figure(figsize=(3.4, 3.4))
for pair in pairs.tolist():
    tokens = tokenizer.encode([caption_of(pair)] * 60)
    with torch.no_grad():
        x = ddim_sample(given(reader, tokens), schedule, (60, 2), 25, 0.0, torch.Generator().manual_seed(0), predicts="v")  # fmt: skip
    new = pair == [2, 0]
    plt.scatter(*x.T, s=5, color="crimson" if new else "gray")
    plt.text(pair[0] - 1, pair[1] - 0.6, caption_of(pair), ha="center", fontsize=7)
plt.gca().set_aspect("equal")
plt.title("red: a caption that was never seen", fontsize=9)
plt.show()

# %% [markdown]
# ## Part C · Pictures
#
# ### Exercise 8.6 · The zero convolution
#
# *difficulty 1 of 5 · importance 4 of 5 · 10 minutes*
#
# Something new is to be joined to a trained network, without any harm on the first day. So the joint is a
# 1 by 1 convolution, of as many channels before as after, whose weights **and** bias begin as 0.
#
# *Predict first:* its output is 0, and so is the gradient that it sends back. Will it stay 0 for ever?
# Write down $\partial y/\partial w$ for $y=wx+b$ at $w=b=0$.
#
# <details><summary>Hint 1</summary>
#
# `nn.Conv2d(before, after, size)`; `nn.init.zeros_(tensor)` fills a parameter in place.
# </details>
# <details><summary>Hint 2</summary>
#
# A convolution has two parameters, `weight` and `bias`. Both are to learn: freeze nothing.
# </details>

# %% answer="zero_conv"
from dgm.controlnet import zero_conv  # exercise

# %% check="zero_conv" points=1

# %% hidden="zero_conv" points=1

# %% [markdown]
# <details><summary>Your prediction: will it stay 0 for ever?</summary>
#
# No. $\partial y/\partial w=x$ and $\partial y/\partial b=1$: neither is 0. After one step $w$ is not 0 any more, and
# from then on a gradient passes back through it, too.
# </details>
#
# ### Exercise 8.7 · Lock and copy
#
# *difficulty 2 of 5 · importance 4 of 5 · 15 minutes*
#
# A model that took months to train is not risked for a new task. Lock it, and let a copy learn.
#
# 1. A copy of the module: the same weights, in memory of its own. All its parameters ask for gradients, and
#    it is in **training** mode.
# 2. The module that came is locked where it is: none of its parameters asks for a gradient, and it is in
#    **evaluation** mode. Its weights stay as they are.
# 3. Give the copy back.
#
# *Predict first:* if you lock first and copy then, what does the copy inherit?
#
# <details><summary>Hint 1</summary>
#
# `copy.deepcopy(module)` copies weights; `copy.copy` would share them. `module.requires_grad_(False)`, with
# the underscore, reaches all parameters.
# </details>
# <details><summary>Hint 2</summary>
#
# `.train()` and `.eval()` set the mode, of all submodules. Neither of them locks anything.
# </details>

# %% answer="lock_and_copy"
from dgm.controlnet import lock_and_copy  # exercise

# %% check="lock_and_copy" points=1

# %% hidden="lock_and_copy" points=1

# %% [markdown]
# <details><summary>Your prediction: what does a copy of a locked module inherit?</summary>
#
# Both: its parameters ask for no gradients, and it is in evaluation mode. An optimizer would find
# nothing to train in it. So unlock the copy, or copy before you lock.
# </details>
#
# ### Exercise 8.8 · ControlNet
#
# *difficulty 4 of 5 · importance 4 of 5 · 25 minutes*
#
# The locked U-Net works as ever. Beside it stands the **branch**, a copy of its encoder and middle, which has seen
# the control too. What the branch finds out goes through zero convolutions (the library's own, which are as
# yours) and is **added** where the U-Net hands its encoder's results to its decoder.
#
# A U-Net of `dgm` does its work in parts:
#
# | | |
# |---|---|
# | `unet.condition(xt, t, cond, mask)` | what all blocks are told, as a tuple: hand it on as `*condition` |
# | `unet.enter(xt)` | the first channels |
# | `unet.encode(first, *condition)` | what comes out of the middle, and a list: the maps that each encoder block keeps |
# | `unet.decode(middle, maps, *condition)` | the prediction |
# | `self.branch(xt, t, cond, control, mask)` | what to add to the middle, and a list: what to add to each map, in the same order |
#
# 1. Without a control (`None`) the locked network speaks alone.
# 2. With one, the locked network encodes, the branch works on the same $x_t$, `t`, `cond` and `mask`, and the
#    locked network decodes the sums.
# 3. Gradients pass through the locked decoder to the branch: locked weights do not learn, and let pass.
#
# `ControlNet` is built with your `lock_and_copy`.
#
# *Predict first:* before any training, how far is the controlled prediction from the uncontrolled one?
#
# <details><summary>Hint 1</summary>
#
# Write `UNet.forward` from the table first: three lines. Then add to the middle, and map by map.
# </details>
# <details><summary>Hint 2</summary>
#
# `zip(maps, more)` pairs two lists. `torch.no_grad()` round the decoder would cut the branch off.
# </details>

# %% answer="ControlNet"
from dgm.controlnet import ControlNet  # exercise: forward

# %% check="ControlNet" points=1

# %% hidden="ControlNet" points=2

# %% [markdown]
# <details><summary>Your prediction: how far are the two predictions apart?</summary>
#
# Not at all: what the zero convolutions give is 0, and a sum with 0 is what it was.
# </details>
#
# ## The payoff
#
# ### Digits by name
#
# A U-Net with eleven classes: ten digits, and number 10 for none. Your `drop_labels` takes one label in ten
# away. Each column asks for one digit; each row is one $w$, with the same noise at the start. About a
# quarter of a minute.


# %% demo=true
def sheet(x, columns, title=""):
    x = nn.functional.pad(x, (1, 1, 1, 1), value=-1.0)  # (B, 1, 10, 10)
    rows = len(x) // columns
    image = x.view(rows, columns, 10, 10).permute(0, 2, 1, 3).reshape(10 * rows, 10 * columns)
    plt.figure(figsize=(0.5 * columns, 0.5 * rows))
    plt.imshow(image, cmap="gray_r", vmin=-1, vmax=1)
    plt.axis("off")
    plt.title(title, fontsize=9, loc="left")
    plt.show()


def labelled_digits(g, n=32):
    rows = torch.randint(len(digits), (n,), generator=g)
    return digits[rows], torch.as_tensor(drop_labels(names[rows], 0.1, 10, g))


def drawn(model, n, *conditions, seed=1):
    with torch.no_grad():
        return ddim_sample(
            given(model, *conditions), schedule, (n, 1, 8, 8), 25, 0.0,
            torch.Generator().manual_seed(seed), predicts="v", clip=(-1, 1),
        )  # fmt: skip


centres = torch.stack([digits[names == c].mean(0) for c in range(10)])


def report(title, x, asked):
    """How many are nearest to the mean picture of their class, and how much they differ."""
    far = torch.cdist(x.flatten(1), centres.flatten(1))
    right = (far.argmin(1) == asked).float().mean()
    differ = torch.stack([x[asked == c].std(0).mean() for c in range(10)]).mean()
    print(f"{title}: {right:.0%} nearest to their own class, spread within a class {differ:.2f}")


torch.manual_seed(0)
schedule = NoiseSchedule.cosine(100)
unet = fit(UNet(1, 16, (1, 2), classes=11), labelled_digits, 350, 4e-3)
asked = torch.arange(40) % 10
rows = []
report("the data", digits[:400], names[:400])
for w in (0.0, 2.0, 8.0):
    x = drawn(ClassifierFreeGuidance(unet, w, 10), 40, asked)
    report(f"w = {w:g}", x, asked)
    rows.append(x[:20])
sheet(torch.cat(rows), 20, "w = 0, w = 2, w = 8")

# %% [markdown]
# ### Digits by outline
#
# The same network, locked, in your `ControlNet`. It is told class 10, "none", and the outline of a digit. The branch
# learns for a few seconds. Upper row: test digits. Then: their outlines, the network alone, and with the
# outlines, from the same noise. The number says how well the edges of the samples agree with the outlines (1 is
# all); two digits that have nothing to do with each other reach what is printed first.


# %% demo=true
def outlined_digits(g, n=32):
    rows = torch.randint(len(digits), (n,), generator=g)
    return digits[rows], torch.full((n,), 10), edges(digits[rows], 0.4)


test = load("digits", "test")[0]
torch.manual_seed(0)
net = ControlNet(copy.deepcopy(unet))
outline, none = edges(test[:40], 0.4), torch.full((40,), 10)
at_first = (drawn(net, 40, none, outline) - drawn(unet, 40, none)).abs().max()
print(f"before training the control changes a pixel by {at_first:.0e} at most")
fit(net, outlined_digits, 180, 3e-3)
free, steered = drawn(unet, 40, none), drawn(net, 40, none, outline)
for title, x in (("other digits", test[40:80]), ("network alone", free), ("with control", steered)):
    print(f"agreement with the outlines, {title}: {edge_agreement(x, outline, 0.4).mean():.2f}")
sheet(
    torch.cat([test[:20], 2 * outline[:20] - 1, free[:20], steered[:20]]), 20,
    "test digits, their outlines, the network alone, with the outlines",
)  # fmt: skip
same = all(torch.equal(a, b) for a, b in zip(unet.parameters(), net.unet.parameters()))
print(f"the locked network is what it was: {same}")

# %% [markdown]
# ## Break it
#
# The plane again, with a network that has *learned* the three classes, and the null condition as a fourth. Two
# networks, alike but for one thing. At $w=0$ you cannot tell them apart. What was left out for the second one? Which panel
# shows it best, and where have its points gone at $w=4$?


# %% demo=true
class Plane(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.kinds = nn.Embedding(4, 16)
        self.layers = nn.Sequential(
            nn.Linear(2 + 16 + 16, width),
            nn.SiLU(),
            nn.Linear(width, width),
            nn.SiLU(),
            nn.Linear(width, 2),
        )

    def forward(self, xt, t, cond):
        return self.layers(torch.cat([xt, timestep_embedding(t, 16), self.kinds(cond)], 1))


class Noise(nn.Module):
    """What a network that predicts v says of the noise."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, xt, t, cond):
        ab = schedule.alpha_bar[t].float()[:, None]
        return ab.sqrt() * self.model(xt, t, cond) + (1 - ab).sqrt() * xt


def plane(p):
    def batch(g, n=256):
        c = torch.randint(3, (n,), generator=g)
        x0 = means[c] + spread * torch.randn(n, 2, generator=g)
        return x0, torch.as_tensor(drop_labels(c, p, 3, g))

    torch.manual_seed(0)
    return Noise(fit(Plane(), batch, 1000, 5e-3))


for name, model in (("healthy", plane(0.15)), ("patient", plane(0.0))):
    clouds([points(model, w) for w in (-1, 0, 1, 4)], name)

# %% [markdown]
# <details><summary>The diagnosis</summary>
#
# No label was ever dropped ($p=0$). The embedding of the null condition is still what it was drawn as at the start, and
# what the network says of it means nothing: at $w=-1$ there is no mixture of the three classes. At $w=0$ that never
# shows, and no loss shows it. With $w=4$ four times that nonsense is subtracted, and the points leave the picture.
#
# (The healthy network at $w=4$ is not the exact picture either: guidance multiplies the errors of both predictions, by 5
# and by 4. Another reason to keep $w$ small.)
#
# It happens more quietly, too: with conditions that are dropped for the whole batch at once, or a null that
# training and sampling write differently (padding alone, or a start and padding).
# </details>
#
# ## Questions to think about
#
# <details><summary>1. Guided samples leave the class: in closed form, where do they go?</summary>
#
# For normal $p(x|c)$ with variance $v$ and a broad normal $p(x)$ with variance $V$, the product $p(x|c)^{1+w}/p(x)^w$ is
# normal with precision $(1+w)/v-w/V$: narrower than the class, and with its mean farther out. The sampler does not even draw
# from this, since adding noise and taking powers do not commute; but it goes the same way.
# </details>
# <details><summary>2. Why is the scale the root of d, and not d?</summary>
#
# A product of two independent standard normal vectors of width $d$ has the standard deviation $\sqrt d$. Divided by that, scores are
# near 1 whatever the width, and the softmax is neither flat nor a single 1, whose gradient is 0.
# </details>
# <details><summary>3. Attention has no notion of order. How could "a red bag on a blue boot" be told from "a blue bag on a red boot"?</summary>
#
# Only by an embedding of the *place* of each word, added to that of the word, and by words that read from each other
# before they are read. The demo's points get by without: its captions mean the same in either order.
# </details>
# <details><summary>4. Weights of 0 are said to never learn. Why does a zero convolution?</summary>
#
# $\partial y/\partial w=x$, which is not 0. What is 0 is $\partial y/\partial x=w$: in the first step, only the zero convolution
# learns, and what lies before it from the second step on. Two of them in a row would both stay 0 for ever but for the last bias.
# </details>
# <details><summary>5. Why copy the encoder, and not train a small network for the control from scratch?</summary>
#
# The copy begins with all that the network knows about pictures. What it has to learn is where its own features agree with the
# control; from scratch it would have to learn the features, too, from the few pictures that have a control.
# </details>
#
# **Harder, no points.** Guide only in the middle third of the steps, and compare `report` with guidance in all steps. Give
# `ControlNet` a class *and* an outline that do not go together: which one wins, and what does $w$ change about it? Train the
# control for 20, 60, 180 steps and plot the agreement.
