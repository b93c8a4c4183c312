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
# | **Points** | {points}, in eight exercises |
# | **Time** | two and a half hours for you, about forty seconds for a laptop; no GPU |
#
# **How it works.** Replace each `raise NotImplementedError` by your code. Run the check cell below
# it: it prints nothing when all is well, and names the likely mistake when not. A second, hidden
# check runs when you hand in: other inputs, other shapes. To run all visible checks at once, type
# `make check NOTEBOOK=08`, or `python -m course check 08` in JupyterLab's own terminal.

# %% given="setup"
import copy
import math
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.testing import assert_close

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
# ## Part A · Labels
#
# ### Exercise 1 · Dropped labels
#
# *difficulty 1 of 5 · importance 5 of 5 · 10 minutes*
#
# Guidance needs two predictions: one for a digit of this class, one for any digit. One network can
# learn both, if its labels are taken away now and then. Each row tosses its own coin:
#
# $$\tilde y_i=\begin{cases}\varnothing&\text{with probability }p\\ y_i&\text{else.}\end{cases}$$
#
# 1. One coin for **each row**, drawn from `generator`, independent of the other rows.
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED + 77)
calls, B, null = 40, 200, 10
p = 0.2 + 0.1 * float(torch.rand(1, generator=g))
y = torch.randint(10, (B,), generator=g)
before, state = y.clone(), torch.get_rng_state()
drops = []
for _ in range(calls):
    got = drop_labels(y, p, null, g)
    assert got is not None, "drop_labels returned None: did you forget `return`?"
    assert torch.equal(y, before), "y itself has changed: the labels would be lost for good. Copy"
    got = torch.as_tensor(got)
    assert got.dtype != torch.bool, "this is the mask; the labels are wanted"
    assert got.shape == y.shape, (
        f"a label for each row is wanted, shape ({B},), got {tuple(got.shape)}"
    )
    assert not got.is_floating_point(), f"the labels have become {got.dtype}: keep the dtype of y"
    drops.append(got == null)
    other = ~drops[-1] & (got != y)
    if other.any():
        strange = got[other].unique().tolist()
        assert strange != [0], "null is an argument; here it is 10, and dropped labels became 0"
        raise AssertionError(
            f"a label is either kept or {null}, the null condition; some became {strange}"
        )
coins = torch.stack(drops).double()  # (calls, B)
N, share = coins.numel(), float(coins.mean())
counts = coins.sum(1).int().tolist()
assert torch.equal(torch.get_rng_state(), state), (
    "the global random state has changed: draw from generator, and set no seed"
)
assert share > 0, f"in {N} rows with p = {p:.2f} no label has been dropped"
assert not set(counts) <= {0, B}, (
    "all labels of a batch are dropped, or none: each row needs a coin of its own"
)
assert not coins.bool().all(0).any(), (
    "the same rows are dropped in each call: draw anew, from generator; set no seed inside"
)
assert len(set(counts)) > 1, (
    f"always {counts[0]} of {B}: the rows are to be independent, so that their number varies"
)
error = 6 * math.sqrt(p * (1 - p) / N)
assert abs(share - (1 - p)) > error, (
    f"p is {p:.2f} and {share:.2f} have been dropped: p and 1 - p confused"
)
assert abs(share - p) < error, f"p is {p:.2f}, and {share:.3f} have been dropped. Is it rand < p?"
for lag in (1, B // 2):
    both = ((coins - p) * (coins.roll(lag, 1) - p)).mean()
    assert abs(both) < 6 * p * (1 - p) / math.sqrt(N), f"rows {lag} apart share a coin"
one, two = (drop_labels(y, p, null, torch.Generator().manual_seed(SEED + 1)) for _ in range(2))
assert torch.equal(torch.as_tensor(one), torch.as_tensor(two)), (
    "the same generator state gave other rows: draw from generator"
)
tokens = torch.randint(2, 9, (B, 4), generator=g)
empty = torch.tensor([1, 0, 0, 0])
got = torch.as_tensor(drop_labels(tokens, p, empty, g))
assert got.shape == tokens.shape, (
    f"y of shape {tuple(tokens.shape)} is wanted back, got {tuple(got.shape)}"
)
gone, kept = (got == empty).all(1), (got == tokens).all(1)
assert (gone | kept).all(), "y of shape (B, L): a row is dropped as a whole, or kept as a whole"
assert gone.any() and kept.any(), "y of shape (B, L): each row needs a coin of its own"
assert torch.equal(torch.as_tensor(drop_labels(y, 0.0, null, g)), y), "p = 0 drops nothing"
assert (torch.as_tensor(drop_labels(y, 1.0, null, g)) == null).all(), "p = 1 drops all"


# %% hidden="drop_labels" points=2
# Hidden check, 2 points: other p and null, contexts, one row, float32 and int32, no generator.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for shape, p, dtype in (
    ((2500,), 0.1, torch.int32),
    ((2500, 3), 0.6, torch.int64),
    ((2500, 2, 2), 0.35, torch.float32),
):
    y = torch.randint(1, 50, shape, generator=g).to(dtype)
    null = -torch.arange(math.prod(shape[1:])).reshape(shape[1:]).to(dtype)
    for generator, again in ((g, torch.Generator().set_state(g.get_state())), (None, None)):
        before = y.clone()
        got = drop_labels(y, p, 0 if len(shape) == 1 else null, generator)
        assert got is not None and torch.equal(y, before), "y stays as it is"
        got = torch.as_tensor(got)
        assert got.shape == shape and got.dtype == dtype, "the shape and dtype of y"
        gone = (got == null).reshape(len(y), -1).all(1)
        kept = (got == y).reshape(len(y), -1).all(1)
        assert (gone ^ kept).all(), "each row null or kept"
        assert abs(gone.double().mean() - p) < 6 * math.sqrt(p * (1 - p) / len(y)), f"p = {p}"
        follow = (gone[1:] & gone[:-1]).double().mean() - gone.double().mean() ** 2
        assert abs(follow) < 6 * p * (1 - p) / math.sqrt(len(y)), "independent rows"
        if again is not None:
            same = drop_labels(y, p, 0 if len(shape) == 1 else null, again)
            assert torch.equal(torch.as_tensor(same), got), "the generator"
alone = torch.tensor([3])
n = sum(int(torch.as_tensor(drop_labels(alone, 0.5, 7, g))[0]) == 7 for _ in range(150))
assert abs(n - 75) < 6 * math.sqrt(37.5), "one row alone"

# %% [markdown]
# ### Exercise 2 · Guidance
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
#    Two calls, or one on twice the batch: as you like.
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
B, null = 6, 4
table = torch.randn(5, 3, 2, generator=g, dtype=torch.float64)
shown = []


def network(xt, t, cond, control=None):  # keeps what it is shown
    shown.append(xt.clone())
    extra = 0 if control is None else control
    return torch.sin(xt + table[cond]) + 0.1 * t.reshape(-1, 1, 1) * xt + extra


xt = torch.randn(B, 3, 2, generator=g, dtype=torch.float64)
control = torch.randn(B, 3, 2, generator=g, dtype=torch.float64)
t = torch.randint(1, 9, (B,), generator=g)
cond = 1 + torch.arange(B) % 3
none = torch.full((B,), null)
for w, also in ((1.5, ()), (0, ()), (-1.0, ()), (0.3, ()), (3.0, (control,))):
    c, u = network(xt, t, cond, *also), network(xt, t, none, *also)
    wanted, before, seen_now = c + w * (c - u), (xt.clone(), cond.clone()), len(shown)
    got = ClassifierFreeGuidance(network, w, null)(xt, t, cond, *also)
    assert got is not None, "forward returned None: did you forget `return`?"
    assert torch.is_tensor(got), f"one tensor is wanted, got a {type(got).__name__}"
    assert got.shape == xt.shape, (
        f"the shape of xt is wanted, {tuple(xt.shape)}, got {tuple(got.shape)}"
    )
    assert torch.equal(xt, before[0]) and torch.equal(cond, before[1]), (
        "forward has changed what it was given: the next step needs the same cond"
    )
    if torch.allclose(got, wanted, rtol=1e-6, atol=1e-8):
        continue
    said = f"with w = {w:g}" + (" and a control" if also else "")
    for row in torch.cat(shown[seen_now:]):
        assert (xt - row).flatten(1).abs().amax(1).min() < 1e-9, (
            "the network is shown another xt than the one that came"
        )
    z = network(xt, t, 0 * cond, *also)
    bare = (network(xt, t, cond), network(xt, t, none))
    late = network(xt, t[:1].expand(B), cond, *also), network(xt, t[:1].expand(B), none, *also)
    both = torch.cat([c, u])
    for mistake, value in (
        ("this is the conditional prediction alone", c),
        ("this is the unconditional prediction alone", u),
        ("w and 1 + w confused: the conditional one weighs 1 + w, the other -w", w * c + (1 - w) * u),
        ("the sign of w is wrong: this goes away from the condition", (1 - w) * c + w * u),
        ("conditional and unconditional prediction have changed places", (1 + w) * u - w * c),
        ("minus w times the unconditional one, not plus", (1 + w) * c + w * u),
        ("only the difference; at w = 0 the conditional prediction should be left", w * (c - u)),
        ("the conditional one weighs 1 + w and the unconditional one w", (1 + w) * (c - u)),
        ("the conditional one weighs 1 + w", c - w * u),
        ("the weights add up to 1 already: divide by nothing", ((1 + w) * c - w * u) / (1 + 2 * w)),
        ("w is not used", (c + u) / 2),
        ("w is not used", 4 * c - 3 * u),
        ("w itself is wanted, not its square", c + w**2 * (c - u)),
        ("the null condition is self.null; here it is 4, and 0 has been taken", (1 + w) * c - w * z),
        ("what else has come is to be handed on to the network", (1 + w) * bare[0] - w * bare[1]),
        ("what else has come is handed on to both predictions", (1 + w) * c - w * bare[1]),
        ("each row has its own step; this is the first one's for all", (1 + w) * late[0] - w * late[1]),
        ("one call on twice the batch gives first one half, then the other: take halves, not every other row", (1 + w) * both[::2] - w * both[1::2]),
        ("nothing is clipped here", wanted.clamp(-1, 1)),
    ):  # fmt: skip
        assert not torch.allclose(got, value, rtol=1e-6, atol=1e-8), f"{said}: {mistake}"
    raise AssertionError(
        f"{said}, where the two predictions begin with {c[0, 0].tolist()} and {u[0, 0].tolist()}, "
        f"{wanted[0, 0].tolist()} is wanted, got {got[0, 0].tolist()}"
    )


# %% hidden="ClassifierFreeGuidance" points=2
# Hidden check, 2 points: Gaussian classes whose guided distribution is known, captions with an empty
# one, one row, float32.
SEED = 0
g = torch.Generator().manual_seed(SEED)
schedule = NoiseSchedule.cosine(20)
for shape, w, dtype in (((7, 2), 2.5, torch.float64), ((1, 1, 2, 3), 0.7, torch.float32)):
    m = torch.randn(4, *shape[1:], generator=g, dtype=dtype)
    m[3] = 0
    size = torch.tensor([0.5, 0.7, 0.9, 2.0], dtype=dtype)  # the last one is the null condition's

    def exact(xt, t, cond):
        ab = schedule.alpha_bar[t].to(xt.dtype).reshape(-1, *[1] * (xt.dim() - 1))
        v = ab * size[cond].reshape(ab.shape) ** 2 + 1 - ab
        return (1 - ab).sqrt() * (xt - ab.sqrt() * m[cond]) / v

    xt = torch.randn(shape, generator=g, dtype=dtype)
    t = torch.randint(1, 21, shape[:1], generator=g)
    cond = torch.randint(3, shape[:1], generator=g)
    got = ClassifierFreeGuidance(exact, w, 3)(xt, t, cond)
    assert torch.is_tensor(got) and got.shape == shape and got.dtype == dtype, "shape, dtype of xt"
    ab = schedule.alpha_bar[t].to(dtype).reshape(-1, *[1] * (xt.dim() - 1))
    v, V = (ab * s**2 + 1 - ab for s in (size[cond].reshape(ab.shape), size[3]))
    precision = (1 + w) / v - w / V  # p(x|c)^(1+w) / p(x)^w is normal, too
    middle = (1 + w) * ab.sqrt() * m[cond] / v / precision
    loose = 1e-9 if dtype == torch.float64 else 1e-4
    assert_close(got, (1 - ab).sqrt() * precision * (xt - middle), rtol=loose, atol=loose)
words = torch.randn(9, 4, generator=g, dtype=torch.float64)


def reads(xt, t, tokens, one, two):
    return xt * words[tokens].sum(1) + one - two * t[:, None]


xt, one = torch.randn(2, 5, 4, generator=g, dtype=torch.float64)
two = torch.randn(5, 1, generator=g, dtype=torch.float64)
tokens, empty = torch.randint(9, (5, 3), generator=g), torch.tensor([1, 0, 0])
before, t = tokens.clone(), torch.arange(1, 6)
got = ClassifierFreeGuidance(reads, 4.0, empty)(xt, t, tokens, one, two)
assert torch.equal(tokens, before), "tokens changed"
c, u = reads(xt, t, tokens, one, two), reads(xt, t, empty.expand(5, 3), one, two)
assert_close(got, 5 * c - 4 * u, rtol=1e-9, atol=1e-9)

# %% [markdown]
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
# ### Exercise 3 · Attention
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
# Write it out: torch has it as one function, and the check compares yours with that. What stands before
# the last two axes (batch, heads) may be any number of axes. The decorator `queries_fit_keys` is
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
oracle = nn.functional.scaled_dot_product_attention


def draw(*shape, size=1.5):
    return size * torch.randn(shape, generator=g, dtype=torch.float64)


def readable(*shape):
    """A mask at random; every query may read something, and must not read something else."""
    some = torch.rand(shape, generator=g) < 0.5
    return some.scatter(-1, torch.randint(1, shape[-1], (*shape[:-1], 1), generator=g), True).index_fill(-1, torch.tensor(0), False)  # fmt: skip


for sizes, mask in (
    (((3, 5, 7), (3, 5, 7), (3, 5, 7)), None),
    (((3, 5, 7), (3, 5, 7), (3, 5, 7)), readable(3, 5, 5)),
    (((2, 3, 4, 6), (2, 3, 5, 6), (2, 3, 5, 2)), None),
    (((2, 3, 4, 6), (2, 3, 5, 6), (2, 3, 5, 2)), readable(2, 1, 1, 5)),
):
    q, k, v = (draw(*size) for size in sizes)
    before = [a.clone() for a in (q, k, v)]
    wanted = oracle(q, k, v, attn_mask=mask)
    try:
        got = scaled_dot_product_attention(q, k, v, mask)
    except RuntimeError as problem:
        raise AssertionError(
            f"q {tuple(q.shape)}, k {tuple(k.shape)}, v {tuple(v.shape)}: {problem}. Swap the last two axes "
            "of k, and no others; each key has a value"
        ) from None
    assert got is not None, "returned None: did you forget `return`?"
    got = torch.as_tensor(got)
    assert all(torch.equal(a, b) for a, b in zip((q, k, v), before)), (
        "q, k or v has been changed in place"
    )
    if got.shape == wanted.shape and torch.allclose(got.double(), wanted, rtol=1e-6, atol=1e-8):
        continue
    said = "without a mask" if mask is None else "with a mask"
    raw, d = torch.einsum("...id,...jd->...ij", q, k), q.shape[-1]
    free = mask if mask is not None else torch.ones(1, dtype=torch.bool)
    hide = torch.zeros(free.shape, dtype=torch.float64).masked_fill(~free, -1e9)
    s = raw / math.sqrt(d)
    w = (s + hide).softmax(-1)
    lone = torch.zeros_like(s).scatter(-1, (s + hide).argmax(-1, keepdim=True), 1.0)
    mistakes = [
        ("the softmax runs over the queries; the weights of each query are to add up to 1", (s + hide).softmax(-2) @ v),
        ("the softmax runs over the first axis; it should be the last, the keys", (s + hide).softmax(0) @ v),
        ("the softmax runs over all queries and keys together", (s + hide).flatten(-2).softmax(-1).view(s.shape) @ v),
        ("the scale is missing: the scores are to be divided by the root of d", (raw + hide).softmax(-1) @ v),
        ("the scores are divided by d (or by its root, twice); once by its root", (raw / d + hide).softmax(-1) @ v),
        ("the scores are multiplied by the root of d; divide", (raw * math.sqrt(d) + hide).softmax(-1) @ v),
        ("the root of d, the width of a query, not of the number of keys", (raw / math.sqrt(k.shape[-2]) + hide).softmax(-1) @ v),
        ("the root of d, the width of a query, not of a value", (raw / math.sqrt(v.shape[-1]) + hide).softmax(-1) @ v),
        ("the scores are to be scaled, before the softmax, not the weights", (raw + hide).softmax(-1) / math.sqrt(d) @ v),
        ("these are the weights: multiply the values by them", w),
        ("the softmax is missing", s * free @ v),
        ("the weights of a query add up to 1: a softmax, not sigmoids", (s + hide).sigmoid() @ v),
        ("only the best key counts: a softmax is wanted", lone @ v),
        ("all keys weigh the same", (0 * s + hide).softmax(-1) @ v),
        ("no query may read what comes later; there is nothing of that kind here", (s + hide - 1e9 * torch.ones(s.shape[-2:]).triu(1)).softmax(-1) @ v),
        ("queries and keys keep their lengths", oracle(nn.functional.normalize(q, dim=-1), nn.functional.normalize(k, dim=-1), v, attn_mask=mask)),
        ("products are wanted, not distances", (-torch.cdist(q, k) / math.sqrt(d) + hide).softmax(-1) @ v),
    ]  # fmt: skip
    if k.shape == v.shape:
        mistakes += [
            ("keys and values have changed places", oracle(q, v, k, attn_mask=mask)),
            ("the queries are compared with the values", oracle(q, v, v, attn_mask=mask)),
        ]
    if torch.is_tensor(mask):
        mistakes = [
            ("the mask is not used", oracle(q, k, v)),
            ("the mask is turned round: True is where a query MAY read", oracle(q, k, v, attn_mask=~mask)),
            ("the mask comes after the softmax, so that the weights no longer add up to 1", s.softmax(-1) * mask @ v),
            ("a masked score of 0 still has a weight: it should be minus infinity", (s * mask).softmax(-1) @ v),
            ("a masked score of -1 still has a weight: it should be minus infinity", torch.where(mask, s, -1.0).softmax(-1) @ v),
            ("the mask is added as 0 and 1: a masked score should be minus infinity", (s + mask).softmax(-1) @ v),
            ("a masked score is lower by 10: its weight is small, and should be 0", (s - 10.0 * ~mask).softmax(-1) @ v),
            *mistakes,
        ]  # fmt: skip
    for mistake, value in mistakes:
        same = value.shape == got.shape and torch.allclose(
            got.double(), value, rtol=1e-6, atol=1e-8
        )
        assert not same, f"{said}: {mistake}"
    assert got.shape == wanted.shape, (
        f"{said}: shape {tuple(wanted.shape)} is wanted, got {tuple(got.shape)}"
    )
    assert not got.isnan().any(), f"{said}: NaN. Does 0 meet minus infinity?"
    first = (0,) * (q.dim() - 1)
    raise AssertionError(
        f"{said}: the first query should read {wanted[first].tolist()}, got {got[first].tolist()}"
    )
q, k, v = draw(2, 4, 5, size=30), draw(2, 6, 5, size=30), draw(2, 6, 5)
got = torch.as_tensor(scaled_dot_product_attention(q, k, v))
assert not got.isnan().any(), "with large scores: NaN. The exponentials overflow; use softmax"
assert torch.allclose(got.double(), oracle(q, k, v), rtol=1e-6, atol=1e-8), "wrong for large scores"
parts = [draw(2, 4, 5).requires_grad_() for _ in range(3)]
pull = draw(2, 4, 5)
got = scaled_dot_product_attention(*parts)
assert got.requires_grad, "no gradient comes back: no .detach(), no no_grad"
slopes = torch.autograd.grad((got * pull).sum(), parts, allow_unused=True)
truth = torch.autograd.grad((oracle(*parts) * pull).sum(), parts)
for name, slope, true in zip("qkv", slopes, truth):
    assert slope is not None, f"no gradient reaches {name}: is something detached?"
    assert torch.allclose(slope, true, rtol=1e-4, atol=1e-6), f"the gradient of {name} is wrong"


# %% hidden="scaled_dot_product_attention" points=2
# Hidden check, 2 points: two to five axes, one query, one key, masks that broadcast, masked keys of any
# size, float32, gradients.
SEED = 0
g = torch.Generator().manual_seed(SEED)
oracle = nn.functional.scaled_dot_product_attention
for sizes, hidden, dtype in (
    (((3, 2), (4, 2), (4, 3)), (3, 4), torch.float64),
    (((1, 1, 9), (1, 6, 9), (1, 6, 1)), (1, 1, 6), torch.float64),
    (((2, 3, 4, 8), (2, 3, 7, 8), (2, 3, 7, 5)), (2, 1, 1, 7), torch.float32),
    (((2, 1, 2, 3, 4), (2, 1, 2, 5, 4), (2, 1, 2, 5, 4)), (3, 5), torch.float64),
    (((4, 5, 3), (4, 1, 3), (4, 1, 2)), None, torch.float64),
    (((4, 5, 3), (4, 5, 3), (4, 5, 3)), None, torch.float32),
):
    q, k, v = (torch.randn(s, generator=g, dtype=dtype).requires_grad_() for s in sizes)
    mask = None
    if hidden:
        mask = torch.rand(hidden, generator=g) < 0.4
        mask = mask.scatter(-1, torch.randint(hidden[-1], (*hidden[:-1], 1), generator=g), True)
    got = scaled_dot_product_attention(q, k, v, mask)
    wanted = oracle(q, k, v, attn_mask=mask)
    assert got is not None and got.dtype == dtype, f"the dtype of q, {dtype}"
    loose = 1e-8 if dtype == torch.float64 else 1e-4
    assert_close(got, wanted, rtol=loose, atol=loose, msg=f"wrong for q, k, v of shapes {sizes}")
    assert got.requires_grad, "no gradient"
    pull = torch.randn(wanted.shape, generator=g, dtype=dtype)
    slopes = torch.autograd.grad((got * pull).sum(), (q, k, v), allow_unused=True)
    for slope, true in zip(slopes, torch.autograd.grad((wanted * pull).sum(), (q, k, v))):
        assert slope is not None, "no gradient"
        assert_close(slope, true, rtol=100 * loose, atol=10 * loose, msg=f"gradient, {sizes}")
q, k, v = torch.randn(3, 2, 4, 3, generator=g, dtype=torch.float64)
mask = torch.tensor([True, True, False, False]).expand(2, 4, 4)
loud = torch.cat([k[:, :2], 40 * k[:, 2:]], 1)
got = scaled_dot_product_attention(q, loud, v, mask)
assert_close(
    got, oracle(q, k[:, :2], v[:, :2]), rtol=1e-7, atol=1e-9, msg="masked: as if not there"
)
q, k, v = 50 * torch.randn(3, 2, 4, 3, generator=g, dtype=torch.float64)
got = scaled_dot_product_attention(q, k, v)
assert_close(got, oracle(q, k, v), rtol=1e-6, atol=1e-7, msg="large scores")

# %% [markdown]
# ### Exercise 4 · Cross-attention
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
F = nn.functional


def draw(*shape):
    return torch.randn(shape, generator=g, dtype=torch.float64)


def cut(a, heads):
    return torch.stack(a.tensor_split(heads, -1), 1)


def apart(a, heads):
    """Cut in a wrong way: every heads-th channel."""
    return torch.stack([a[..., i::heads] for i in range(heads)], 1)


def by_hand(w, x, c, mask, heads, names="qkv", cut=cut, join=None, read=None, last=True):
    """Cross-attention from its weights, as it should be or with a mistake."""
    parts = []
    for name, source in zip(names, (x, c, c)):
        a = (
            source
            if name == "-"
            else F.linear(source, w[f"to_{name}.weight"], w[f"to_{name}.bias"])
        )
        parts.append(cut(a, heads))
    hidden = mask if mask is None else mask.reshape(len(mask), 1, 1, -1)
    r = (read or F.scaled_dot_product_attention)(*parts, hidden)
    r = torch.cat(list(r.unbind(1)), -1) if join is None else join(r)
    return F.linear(r, w["out.weight"], w["out.bias"]) if last else r


def near(a, b):
    return a.shape == b.shape and torch.allclose(a, b, rtol=1e-6, atol=1e-8)


for dim, context_dim, heads, L, M, masked in (
    (6, 6, 3, 4, 4, False), (6, 6, 3, 4, 4, True), (8, 3, 2, 5, 3, False), (8, 3, 2, 2, 6, True)
):  # fmt: skip
    attention = CrossAttention(dim, context_dim, heads).double()
    with torch.no_grad():
        w = {}
        for name, weight in attention.named_parameters():
            w[name] = weight.copy_(draw(*weight.shape))
        x, c = draw(3, L, dim), draw(3, M, context_dim)
        mask = torch.rand(3, M, generator=g) < 0.5 if masked else None
        if masked:
            mask[:, 0], mask[:, -1], mask[0, 1], mask[1, 1] = True, False, True, False
        wanted = by_hand(w, x, c, mask, heads)
        said = f"dim {dim}, {heads} heads, {L} pixels, {M} words, {'a' if masked else 'no'} mask"
        try:
            got = attention(x, c, mask)
        except (RuntimeError, ValueError) as problem:
            raise AssertionError(
                f"{said}: {problem}. Is each thing made of the right one?"
            ) from None
        assert got is not None, "forward returned None: did you forget `return`?"
        if near(got, wanted):
            continue
        q, k, v = draw(2, 3, L, 4), draw(2, 3, M, 4), draw(2, 3, M, 4)
        mine = scaled_dot_product_attention(q, k, v)
        assert mine is not None and near(mine.double(), F.scaled_dot_product_attention(q, k, v)), (
            "your scaled_dot_product_attention, which this calls, is not right yet: exercise 3 first"
        )
        attend = F.scaled_dot_product_attention
        mistakes = [
            ("the heads are not split", by_hand(w, x, c, mask, 1)),
            ("each head gets neighbouring channels, not every other one", by_hand(w, x, c, mask, heads, cut=apart)),
            ("each head gets neighbouring channels, not every other one", by_hand(w, x, c, mask, heads, cut=apart, join=lambda r: r.permute(0, 2, 3, 1).flatten(2))),
            ("reshape cuts the rows, not the channels: unflatten, then transpose", by_hand(w, x, c, mask, heads, cut=lambda a, h: a.reshape(len(a), h, a.shape[1], -1))),
            ("the heads are to be swapped back before they are put side by side", by_hand(w, x, c, mask, heads, join=lambda r: r.reshape(x.shape))),
            ("reshape does not swap axes: transpose, going and coming back", by_hand(w, x, c, mask, heads, cut=lambda a, h: a.reshape(len(a), h, a.shape[1], -1), join=lambda r: r.reshape(x.shape))),
            ("the heads' channels stand side by side, head after head; here they are interleaved", by_hand(w, x, c, mask, heads, join=lambda r: r.permute(0, 2, 3, 1).flatten(2))),
            ("the heads stand in reversed order", by_hand(w, x, c, mask, heads, join=lambda r: torch.cat(list(r.flip(1).unbind(1)), -1))),
            ("the heads' results stand side by side; they are not averaged", by_hand(w, x, c, mask, heads, join=lambda r: r.mean(1).repeat(1, 1, heads))),
            ("to_k and to_v have changed places", by_hand(w, x, c, mask, heads, "qvk")),
            ("the values need to_v", by_hand(w, x, c, mask, heads, "qkk")),
            ("the queries need to_q", by_hand(w, x, c, mask, heads, "-kv")),
            ("out is missing", by_hand(w, x, c, mask, heads, last=False)),
            ("x is not added here", x + wanted),
            ("each head divides by the root of its own width, dim / heads; scale nothing yourself", by_hand(w, x, c, mask, heads, read=lambda q, k, v, m: attend(q / math.sqrt(heads), k, v, m))),
            ("the attention scales already: once is enough", by_hand(w, x, c, mask, heads, read=lambda q, k, v, m: attend(q / math.sqrt(dim // heads), k, v, m))),
            ("the heads do not compete: no softmax over them", by_hand(w, x, c, mask, heads, read=lambda q, k, v, m: attend(q, k, v, m).softmax(1))),
            ("the heads read from each other; it is words that are read", by_hand(w, x, c, None, heads, cut=lambda a, h: cut(a, h).transpose(1, 2), join=lambda r: r.flatten(2)) if L == M else wanted),
        ]  # fmt: skip
        if masked:
            inverse, gone = ~mask, c * mask[..., None]
            mistakes += [
                ("the mask is not used", by_hand(w, x, c, None, heads)),
                ("the mask is turned round: True is where the context MAY be read", by_hand(w, x, c, inverse, heads)),
                ("each row has its own mask; this is the first one's for all", by_hand(w, x, c, mask[:1].expand(3, -1), heads)),
                ("a word that is set to 0 still has a weight: hand the mask to the attention", by_hand(w, x, gone, None, heads)),
            ]  # fmt: skip
        if dim == context_dim and L == M:
            mistakes += [
                ("queries come from x, keys and values from the context; not the other way round", by_hand(w, c, x, None, heads)),
                ("the queries come from x", by_hand(w, c, c, mask, heads)),
                ("x reads from itself; keys and values come from the context", by_hand(w, x, x, None, heads)),
                ("the values come from the context", by_hand(w, x, c, mask, heads, read=lambda q, k, v, m: attend(q, k, cut(F.linear(x, w["to_v.weight"], w["to_v.bias"]), heads), m))),
            ]  # fmt: skip
        for mistake, value in mistakes:
            assert near(value, wanted) or not near(got, value), f"{said}: {mistake}"
        assert got.shape == wanted.shape, (
            f"{said}: {tuple(wanted.shape)} is wanted, got {tuple(got.shape)}"
        )
        raise AssertionError(
            f"{said}: entry [0, 0] should be {wanted[0, 0].tolist()}, got {got[0, 0].tolist()}"
        )


# %% hidden="CrossAttention" points=2
# Hidden check, 2 points: one head, as many heads as channels, one pixel, one word, float32, masks,
# gradients.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for B, L, M, dim, context_dim, heads, masked, dtype in (
    (2, 3, 5, 8, 5, 4, True, torch.float64),
    (1, 1, 4, 6, 2, 1, False, torch.float64),
    (3, 7, 1, 4, 9, 4, False, torch.float32),
    (4, 5, 5, 12, 12, 3, True, torch.float32),
):
    attention = CrossAttention(dim, context_dim, heads).to(dtype)
    w = dict(attention.named_parameters())
    x = torch.randn(B, L, dim, generator=g, dtype=dtype, requires_grad=True)
    c = torch.randn(B, M, context_dim, generator=g, dtype=dtype, requires_grad=True)
    mask = None
    if masked:
        mask = torch.rand(B, M, generator=g) < 0.5
        mask[:, int(torch.randint(M, (1,), generator=g))] = True
    wanted, _ = nn.functional.multi_head_attention_forward(
        x.transpose(0, 1), c.transpose(0, 1), c.transpose(0, 1), dim, heads, None,
        torch.cat([w[f"to_{n}.bias"] for n in "qkv"]), None, None, False, 0.0,
        w["out.weight"], w["out.bias"], training=False, need_weights=False,
        key_padding_mask=None if mask is None else ~mask, use_separate_proj_weight=True,
        q_proj_weight=w["to_q.weight"], k_proj_weight=w["to_k.weight"], v_proj_weight=w["to_v.weight"],
    )  # fmt: skip
    wanted = wanted.transpose(0, 1)
    got = attention(x, c, mask)
    assert got is not None and got.dtype == dtype, f"the dtype of x, {dtype}"
    loose = 1e-8 if dtype == torch.float64 else 1e-4
    assert_close(got, wanted, rtol=loose, atol=loose, msg=f"{heads} heads, x {tuple(x.shape)}")
    assert got.requires_grad, "no gradient"
    pull = torch.randn(wanted.shape, generator=g, dtype=dtype)
    leaves = [x, c, *w.values()]
    slopes = torch.autograd.grad((got * pull).sum(), leaves, allow_unused=True)
    for slope, true in zip(slopes, torch.autograd.grad((wanted * pull).sum(), leaves)):
        assert slope is not None, "no gradient"
        assert_close(slope, true, rtol=100 * loose, atol=100 * loose, msg="a gradient")

# %% [markdown]
# ### Exercise 5 · Words become numbers
#
# *difficulty 2 of 5 · importance 3 of 5 · 15 minutes*
#
# A network reads whole numbers. The vocabulary is numbered: 0 is padding (`PAD`), 1 is the start of
# every caption (`START`), and the words follow. `self.number` holds the number of each word.
#
# 1. `split(caption)` gives the words of a caption in small letters, without punctuation.
# 2. A row for each caption: the start, the words' numbers in their order, and padding behind them, up to
#    `self.length` in all. The result is `(B, self.length)`, of whole numbers.
# 3. A word that is not known, or too many words, is an **error**: let a `KeyError` or a `ValueError` be
#    raised. Nothing is left out in silence.
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
pool = ["t-shirt", "a", "red", "blue", "bag", "boot", "at", "the", "top", "left", "in", "of", "big"]


def some(n, of):
    return [of[int(i)] for i in torch.randperm(len(of), generator=g)[:n]]


def written(words):
    """The words as somebody might type them."""
    text = " ".join(words).capitalize() + "."
    return text.replace(" ", ", ", 1).replace(" ", "  ", 1) if len(words) > 2 else text


def encoded(captions):
    for caption in captions:
        try:
            one = tokenizer.encode([caption])
        except (KeyError, IndexError, RuntimeError, ValueError, TypeError) as problem:
            n = 0 if not caption else len(caption.split())
            raise AssertionError(
                f"{caption!r} has {n} words, all known, and fits into {length} with its start, but "
                f"{type(problem).__name__} was raised: {problem}. Capitals and punctuation do not count, and "
                "t-shirt is one word: split knows"
            ) from None
        assert one is not None, "encode returned None: did you forget `return`?"
        assert torch.is_tensor(one), f"a tensor is wanted, got a {type(one).__name__}"
        assert one.shape == (1, length), (
            f"[{caption!r}] should give shape (1, {length}), got {tuple(one.shape)}: every row has length {length}"
        )
    return tokenizer.encode(captions)


words, length = ["t-shirt", *some(9, pool[1:])], 7
tokenizer = Tokenizer(words, length)
number = {w: i + 2 for i, w in enumerate(words)}
spoken = [
    ["t-shirt", *some(3, words[1:])],
    some(length - 1, words),
    [words[1], words[2], words[1]],
    sorted(some(3, words), reverse=True),
    [words[3]],
    [],
]
captions = [" ".join(s) for s in spoken[:2]] + [written(s) if s else "" for s in spoken[2:]]
got = encoded(captions)


def listed(row, pad=PAD, behind=True):
    rows = [list(row(s))[:length] for s in spoken]
    fill = [[pad] * (length - len(r)) for r in rows]
    return torch.tensor([r + f if behind else f + r for r, f in zip(rows, fill)])


def numbers(s, by=number):
    return [START, *(by[w] for w in s)]


wanted = listed(numbers)
assert got.shape == wanted.shape, (
    f"{len(spoken)} captions and length {length}: shape {tuple(wanted.shape)} is wanted, got {tuple(got.shape)}"
)
assert not got.is_floating_point(), f"whole numbers are wanted, got {got.dtype}"
if not torch.equal(got.long(), wanted):
    for mistake, value in (
        ("the start is missing: every row begins with START", listed(lambda s: numbers(s)[1:])),
        ("the first word has overwritten the start", listed(lambda s: numbers(s)[1:] or [START])),
        ("START stands at the end of the caption; it comes first", listed(lambda s: [*numbers(s)[1:], START])),
        ("START stands at both ends; it comes once, first", listed(lambda s: [*numbers(s), START])),
        ("the padding comes behind the words", listed(numbers, behind=False)),
        ("the rest is filled up with START; PAD is wanted", listed(numbers, pad=START)),
        ("the rest is filled up with -1; PAD, which is 0, is wanted", listed(numbers, pad=-1)),
        ("the place in `words` is 2 less than the word's number: PAD and START count, too", listed(lambda s: [START, *(number[w] - 2 for w in s)])),
        ("the place in `words` is 2 less than the word's number: PAD and START count, both", listed(lambda s: [START, *(number[w] - 1 for w in s)])),
        ("the words are sorted: keep their order", listed(lambda s: numbers(sorted(s)))),
        ("the words stand in reversed order", listed(lambda s: numbers(s[::-1]))),
        ("a word that occurs twice stands there twice", listed(lambda s: numbers(list(dict.fromkeys(s))))),
        ("the empty caption has its start, too: with nothing to read, attention has no answer", listed(lambda s: numbers(s) if s else [])),
    ):  # fmt: skip
        assert not torch.equal(got.long(), value), mistake
    i = int((got != wanted).any(1).nonzero()[0, 0])
    raise AssertionError(
        f"{captions[i]!r} should be {wanted[i].tolist()}, got {got[i].tolist()}, with the numbers {number}"
    )
assert got.dtype == torch.int64, f"int64 is wanted, as an embedding needs it, got {got.dtype}"
for said, caption in (
    ("an unknown word", f"{words[0]} zebra {words[1]}"),
    (f"{length} words and a start in a row of {length}", " ".join([words[1]] * length)),
):
    try:
        silent = tokenizer.encode([caption])
    except NotImplementedError:
        raise
    except Exception:
        continue
    raise AssertionError(
        f"{said} should be an error; {caption!r} became {silent[0].tolist()} in silence"
    )


# %% hidden="Tokenizer" points=2
# Hidden check, 2 points: other vocabularies and lengths, many captions, captions that just fit and that
# do not, unknown words.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for size, length, n in ((3, 2, 4), (26, 12, 30), (8, 5, 1)):
    letters = [chr(97 + int(i)) for i in torch.randperm(26, generator=g)]
    words = [a + b for a, b in zip(letters, letters[1:] + letters[:1])][:size]
    if size > 5:
        words[2] += "-x"
    tokenizer = Tokenizer(words, length)
    spoken = []
    for i in range(n):
        many = length - 1 if i == 0 else int(torch.randint(length, (1,), generator=g))
        spoken.append([words[int(j)] for j in torch.randint(size, (many,), generator=g)])
    got = tokenizer.encode([" ".join(s).title() + "!" for s in spoken])
    assert torch.is_tensor(got) and got.dtype == torch.int64, "a tensor of int64"
    assert got.shape == (n, length), f"shape ({n}, {length}), got {tuple(got.shape)}"
    for row, s in zip(got.tolist(), spoken):
        wanted = [1] + [words.index(w) + 2 for w in s]
        assert row == wanted + [0] * (length - len(wanted)), f"{s}: {row}"
    for bad in ([words[0], words[1] + "q"], [" ".join([words[0]] * length)]):
        try:
            tokenizer.encode(bad)
        except NotImplementedError:
            raise
        except Exception:
            continue
        raise AssertionError(f"{bad} passes in silence")
assert tokenizer.null.tolist() == [1, 0, 0, 0, 0], "the null caption"

# %% [markdown]
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
# ### Exercise 6 · The zero convolution
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
C = int(torch.randint(3, 7, (1,), generator=g))
conv = zero_conv(C)
assert conv is not None, "zero_conv returned None: did you forget `return`?"
x = torch.randn(2, C, 4, 9, generator=g, requires_grad=True)
try:
    y = conv(x)
except (RuntimeError, TypeError) as problem:
    raise AssertionError(f"it cannot take (B, C, H, W): {problem}. nn.Conv2d can") from None
assert y.shape == x.shape, (
    f"x of shape {tuple(x.shape)} should keep its shape, got {tuple(y.shape)}: 1 by 1, as many channels "
    "before as after, no padding"
)
assert hasattr(conv, "parameters"), "a module with parameters is wanted: it has to learn"
params = list(conv.parameters())
n = sum(p.numel() for p in params)
for mistake, count in (
    ("the kernel is 1 by 1, not 3 by 3", 9 * C * C + C),
    ("it needs a bias, too, which begins as 0", C * C),
    ("each channel by itself: every channel is to read all of them, so no groups", 2 * C),
    ("one convolution, not two: behind a zero no gradient passes", 2 * (C * C + C)),
):
    assert n != count, mistake
assert n == C * C + C, f"{C} channels: {C * C} weights and {C} biases are wanted, {n} numbers came"
assert all(p.requires_grad for p in params), "its parameters are frozen: it would stay 0 for ever"
if y.abs().max() > 0:
    weight, bias = (p.detach().abs().max() > 0 for p in sorted(params, key=lambda p: -p.dim()))
    assert weight or not bias, "the weight is 0 and the bias is not"
    assert bias or not weight, "the bias is 0 and the weight is not: exactly 0, not small"
    raise AssertionError(
        "weight and bias begin as 0: exactly 0, not small, and not as torch draws them"
    )
assert all(p.detach().abs().max() == 0 for p in params), (
    "the output is 0, but not because the weights are: nothing can be learned from that"
)
pull = torch.randn(y.shape, generator=g)
slopes = torch.autograd.grad((conv(x) * pull).sum(), [*params, x], allow_unused=True)
truth = {
    4: torch.einsum("bohw,bihw->oi", pull, x.detach())[..., None, None],
    1: pull.sum((0, 2, 3)),
}
for p, slope in zip(params, slopes):
    assert slope is not None and torch.allclose(slope, truth[p.dim()], rtol=1e-3, atol=1e-4), (
        "the gradient of its parameters is wrong or missing: it could not learn"
    )
with torch.no_grad():
    for p in params:
        p.copy_(torch.randn(p.shape, generator=g))
    own = {p.dim(): p.detach() for p in params}
    wanted = torch.einsum("oi,bihw->bohw", own[4][:, :, 0, 0], x) + own[1].view(-1, 1, 1)
    assert torch.allclose(conv(x), wanted, rtol=1e-3, atol=1e-4), (
        "once its weights are no longer 0, it is not a 1 by 1 convolution"
    )


# %% hidden="zero_conv" points=1
# Hidden check, 1 point: other numbers of channels, a step of training.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for C, H, W in ((1, 3, 2), (8, 1, 1), (5, 4, 4)):
    conv = zero_conv(C)
    assert conv is not None and hasattr(conv, "parameters"), "a module"
    x = torch.randn(3, C, H, W, generator=g)
    params = list(conv.parameters())
    shapes = sorted(tuple(p.shape) for p in params)
    assert shapes == [(C,), (C, C, 1, 1)], f"weight and bias of a 1 by 1 convolution, got {shapes}"
    assert conv(x).shape == x.shape and not conv(x).any(), "it begins as 0"
    assert all(p.requires_grad for p in params), "it learns"
    pull = torch.randn(x.shape, generator=g)
    slopes = torch.autograd.grad((conv(x) * pull).sum(), params, allow_unused=True)
    assert all(s is not None and s.any() for s in slopes), "no gradient"
    with torch.no_grad():
        for p, s in zip(params, slopes):
            p -= 0.1 * s
    w, b = sorted(params, key=lambda p: -p.dim())
    wanted = nn.functional.conv2d(x, w, b)
    assert_close(conv(x), wanted, rtol=1e-4, atol=1e-4, msg=f"{C} channels, after a step")
    assert conv(x).abs().sum() > 0, "it has learned nothing"

# %% [markdown]
# ### Exercise 7 · Lock and copy
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for was in ("in training mode", "in evaluation mode, and its first layer had been frozen"):
    module = nn.Sequential(
        nn.Linear(4, 6),
        nn.BatchNorm1d(6),
        nn.Sequential(nn.Tanh(), nn.Dropout(0.5)),
        nn.Linear(6, 3),
    )
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(torch.randn(p.shape, generator=g))
    if "evaluation" in was:
        module.eval()
        module[0].requires_grad_(False)
    before = {name: a.clone() for name, a in module.state_dict().items()}
    learns = lock_and_copy(module)
    assert learns is not None, "lock_and_copy returned None: did you forget `return`?"
    assert learns is not module, "this is the module itself: a copy is wanted"
    assert not isinstance(learns, (tuple, list, dict)), (
        f"the copy alone is wanted, a module; got a {type(learns).__name__}"
    )
    assert hasattr(learns, "named_parameters"), "a module is wanted: the copy"
    said = f"where the module was {was}"
    theirs, mine = dict(module.named_parameters()), dict(learns.named_parameters())
    assert all(torch.equal(a, before[name]) for name, a in module.state_dict().items()), (
        "the module's own weights have changed: they must stay as they are"
    )
    own = [id(p) for p in theirs.values()]
    assert not any(id(p) in own for p in mine.values()), (
        "the copy has parameters that are the module's own: copy.deepcopy copies weights, too"
    )
    asking = [name for name, p in theirs.items() if p.requires_grad]
    assert len(asking) < len(theirs) or any(not p.requires_grad for p in mine.values()), (
        f"{said}: it is not locked at all: its parameters still ask for gradients, and it would be trained along"
    )
    assert not asking, f"{said}: these parameters of it still ask for gradients: {asking}"
    assert not any(m.training for m in module.modules()), (
        f"{said}: the locked module, or a part of it, is in training mode: dropout would go on"
    )
    frozen = [name for name, p in mine.items() if not p.requires_grad]
    assert not frozen, f"{said}: these parameters of the copy ask for no gradient: {frozen}"
    assert all(m.training for m in learns.modules()), (
        f"{said}: the copy, or a part of it, is in evaluation mode"
    )
    assert mine.keys() == theirs.keys(), f"the copy has other parameters: {sorted(mine)}"
    assert not all(p.detach().abs().max() == 0 for p in mine.values()), (
        "the copy's weights are 0: it begins as the module is"
    )
    assert all(torch.equal(p, before[name]) for name, p in mine.items()), (
        "the copy's weights are others: it begins with the same ones"
    )
    with torch.no_grad():
        for p in mine.values():
            p += 1
    learns(torch.randn(8, 4, generator=g))  # in training mode this changes the norm's averages
    assert all(torch.equal(p, before[name]) for name, p in module.named_parameters()), (
        "what is done to the copy changes the module: they share weights. copy.deepcopy"
    )
    assert all(torch.equal(a, before[name]) for name, a in module.named_buffers()), (
        "what the copy's norm counts changes the module's: they share buffers. copy.deepcopy"
    )


# %% hidden="lock_and_copy" points=1
# Hidden check, 1 point: a U-Net, a single layer, a convolution; what an optimizer then changes.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for module, x in (
    (nn.Linear(3, 2), torch.randn(5, 3, generator=g)),
    (nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Dropout(0.3), nn.Conv2d(4, 1, 1)).eval(), torch.randn(4, 1, 5, 5, generator=g)),
    (nn.Sequential(nn.Sequential(nn.Linear(3, 3).requires_grad_(False)), nn.Tanh()), torch.randn(2, 3, generator=g)),
):  # fmt: skip
    before = {name: a.clone() for name, a in module.state_dict().items()}
    learns = lock_and_copy(module)
    assert learns is not None and learns is not module and hasattr(learns, "parameters"), "a copy"
    start = [p.detach().clone() for p in learns.parameters()]
    assert len(start) == len(list(module.parameters())), "as many parameters"
    assert all(torch.equal(a, b) for a, b in zip(start, module.parameters())), "the same weights"
    assert all(p.requires_grad for p in learns.parameters()), "the copy learns"
    assert all(m.training for m in learns.modules()), "the copy is in training mode"
    assert not any(p.requires_grad for p in module.parameters()), "the module is locked"
    assert not any(m.training for m in module.modules()), "the module is in evaluation mode"
    assert not module(x).requires_grad, "no gradient through the locked weights"
    loss = (learns(x) + module(x)).square().sum()
    slopes = torch.autograd.grad(loss, list(learns.parameters()), allow_unused=True)
    assert all(s is not None for s in slopes), "gradients reach the copy"
    with torch.no_grad():
        for p in learns.parameters():
            p.add_(0.5)
    learns(x)
    assert all(torch.equal(a, before[name]) for name, a in module.state_dict().items()), "untouched"
    assert not any(torch.equal(p, a) for p, a in zip(learns.parameters(), start)), "it learns"
unet = UNet(width=8)
names_before = [name for name, _ in unet.named_parameters()]
learns = lock_and_copy(unet)
assert [name for name, _ in learns.named_parameters()] == names_before, "a U-Net"
assert not any(p.requires_grad for p in unet.parameters()), "a U-Net is locked"

# %% [markdown]
# ### Exercise 8 · ControlNet
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
pad = nn.functional.pad


def shake(module, scale=0.4):
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(scale * torch.randn(p.shape, generator=g, dtype=p.dtype))
    return module


def controlled(
    unet,
    branch,
    xt,
    t,
    cond,
    control,
    mask=None,
    deep=1.0,
    flat=lambda j: 1.0,
    turned=False,
    told=None,
):
    """The U-Net's own forward, with what the branch gives put in as its decoder's blocks begin."""
    middle, extra = branch(*(told or (xt, t, cond, control, mask)))
    extra = extra[::-1] if turned else extra
    blocks = [block for level in unet.decoder for block in level]

    def put_in(i):
        def before(_, given_to):
            j = len(blocks) - 1 - i
            more, width = flat(j) * extra[j], given_to[0].shape[1]
            sums = given_to[0] + pad(more, (0, 0, 0, 0, width - more.shape[1], 0))
            if i == 0:
                sums = sums + pad(deep * middle, (0, 0, 0, 0, 0, width - middle.shape[1]))
            return (sums, *given_to[1:])

        return before

    handles = [block.register_forward_pre_hook(put_in(i)) for i, block in enumerate(blocks)]
    out = unet(xt, t, cond, mask)
    for handle in handles:
        handle.remove()
    return out


def near(a, b):
    return a.shape == b.shape and torch.allclose(a, b, rtol=1e-6, atol=1e-7)


probe = nn.Linear(2, 2)
learns = lock_and_copy(probe)
assert learns is not None and learns is not probe and not probe.weight.requires_grad, (
    "ControlNet is built with your lock_and_copy, which is not right yet: exercise 7 first"
)
xt = torch.randn(3, 1, 4, 4, generator=g, dtype=torch.float64)
control = torch.rand(3, 1, 4, 4, generator=g, dtype=torch.float64)
t = torch.tensor([1, 5, 9])
context = torch.randn(3, 4, 6, generator=g, dtype=torch.float64)
some = torch.tensor([[1, 1, 0, 0], [1, 1, 1, 0], [1, 0, 0, 0]]).bool()
for options, cond, mask, said in (
    ({"multipliers": (1,), "attention": (False,), "blocks": 2}, None, None, "without a condition"),
    ({"classes": 5}, torch.tensor([1, 4, 2]), None, "with classes"),
    (
        {"context_dim": 6, "multipliers": (1,), "attention": (True,)},
        context,
        some,
        "with a context and its mask",
    ),
):
    twin = shake(UNet(width=8, **options).double()).eval()
    net = ControlNet(copy.deepcopy(twin))
    branch = Branch(copy.deepcopy(twin))
    with torch.no_grad():
        plain = twin(xt, t, cond, mask)
        try:
            alone = net(xt, t, cond, None, mask)
        except (AttributeError, TypeError, RuntimeError) as problem:
            raise AssertionError(
                f"{said}, control None: the locked network should speak alone, and {problem}"
            ) from None
        assert alone is not None, "forward returned None: did you forget `return`?"
        assert torch.is_tensor(alone), f"a tensor is wanted, got a {type(alone).__name__}"
        assert near(alone, plain) or mask is None or not near(alone, twin(xt, t, cond)), (
            f"{said}: the locked network is not told the mask"
        )
        assert near(alone, plain), f"{said}, control None: this is not what the locked network says"
        try:
            early = net(xt, t, cond, control, mask)
        except (RuntimeError, ValueError) as problem:
            raise AssertionError(
                f"{said}: {problem}. Is each map added to the one of the same place?"
            ) from None
        assert early is not None and torch.is_tensor(early), "with a control, too, return a tensor"
        assert not near(early, plain + control), (
            "the control is added to the output: the branch reads it"
        )
        assert not near(early, twin(xt + control, t, cond, mask)), (
            "the control is added to xt: only the branch sees it"
        )
        assert near(early, plain), (
            f"{said}: the zero convolutions are still 0, so nothing should have changed yet. Add what the "
            "branch gives, and replace, multiply, or halve nothing"
        )
        shake(branch)
        mine = dict(branch.named_parameters())
        for name, p in net.named_parameters():
            if name.startswith("branch."):
                p.copy_(mine[name.removeprefix("branch.")])
        args = (twin, branch, xt, t, cond, control, mask)
        assert near(net(xt, t, cond, None, mask), plain), (
            f"{said}, control None: the branch has no part in it, not even with a control of zeros"
        )
        wanted, got = controlled(*args), net(xt, t, cond, control, mask)
        if not near(got, wanted):
            blank = None if cond is None else torch.zeros_like(cond)
            mistakes = [
                ("the control changes nothing: what the branch gives has to be added", plain),
                ("nothing is added to the middle", controlled(*args, deep=0)),
                ("the kept maps get nothing: add to each of them, too", controlled(*args, flat=lambda j: 0)),
                ("only the first map gets something: add to each of them", controlled(*args, flat=lambda j: float(j == 0))),
                ("only the last map gets something: add to each of them", controlled(*args, flat=lambda j: float(j == len(branch.zeros) - 1))),
                ("what the branch gives is to be added, not subtracted", controlled(*args, deep=-1, flat=lambda j: -1)),
                ("what the branch gives is to be added whole, not half", controlled(*args, deep=0.5, flat=lambda j: 0.5)),
                ("the branch is not told the steps t", controlled(*args, told=(xt, torch.ones_like(t), cond, control, mask))),
                ("the branch sees the control in place of xt; it takes both", controlled(*args, told=(control, t, cond, control, mask))),
                ("the branch sees no xt; it takes xt and the control", controlled(*args, told=(0 * xt, t, cond, control, mask))),
                ("each row has its own control; this is the first one's for all", controlled(*args, told=(xt, t, cond, control[:1].expand_as(control), mask))),
                ("the branch is not told the condition", controlled(*args, told=(xt, t, blank, control, mask))),
                ("the branch is not told the mask", controlled(*args, told=(xt, t, cond, control, None))),
            ]  # fmt: skip
            if cond is None:
                mistakes.append(
                    ("the maps are in the same order in both lists: turn none round", controlled(*args, turned=True))
                )  # fmt: skip
            for mistake, value in mistakes:
                assert near(value, wanted) or not near(got, value), f"{said}: {mistake}"
            raise AssertionError(
                f"{said}: the first row of the first picture should be {wanted[0, 0, 0].tolist()}, got "
                f"{got[0, 0, 0].tolist()}"
            )
    pull = torch.randn(xt.shape, generator=g, dtype=torch.float64)
    value = (net(xt, t, cond, control, mask) * pull).sum()
    assert value.requires_grad, (
        "no gradient comes back to the branch: no no_grad round the decoder, no .detach()"
    )
    learning = {n: p for n, p in net.named_parameters() if n.startswith("branch.")}
    slopes = torch.autograd.grad(value, list(learning.values()), allow_unused=True)
    truth = torch.autograd.grad((controlled(*args) * pull).sum(), list(mine.values()))
    by_name = dict(zip(mine, truth))
    for name, slope in zip(learning, slopes):
        true = by_name[name.removeprefix("branch.")]
        assert slope is not None, f"no gradient reaches {name}: is something detached?"
        assert torch.allclose(slope, true, rtol=1e-3, atol=1e-6), f"the gradient of {name} is wrong"


# %% hidden="ControlNet" points=2
# Hidden check, 2 points: other sizes, patches, more channels of the control, one row, float32, a mask,
# several blocks, the first steps of training.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for options, shape, channels, dtype in (
    ({"channels": 3, "patch": 2, "blocks": 2}, (2, 3, 8, 4), 2, torch.float64),
    ({"classes": 3, "multipliers": (1, 2), "attention": (True, False)}, (1, 1, 6, 4), 1, torch.float32),
    ({"context_dim": 5, "multipliers": (1,), "attention": (True,)}, (4, 1, 3, 5), 1, torch.float64),
):  # fmt: skip
    unet = UNet(width=8, **options).to(dtype)
    with torch.no_grad():
        for p in unet.parameters():
            p.copy_(0.3 * torch.randn(p.shape, generator=g, dtype=dtype))
    twin = copy.deepcopy(unet).eval()
    net, branch = ControlNet(unet, channels), Branch(copy.deepcopy(twin), channels)
    B = shape[0]
    xt = torch.randn(shape, generator=g, dtype=dtype)
    control = torch.rand(B, channels, *shape[2:], generator=g, dtype=dtype)
    t = torch.randint(1, 50, (B,), generator=g)
    cond = mask = None
    if "classes" in options:
        cond = torch.randint(3, (B,), generator=g)
    if "context_dim" in options:
        cond = torch.randn(B, 6, 5, generator=g, dtype=dtype)
        mask = torch.rand(B, 6, generator=g) < 0.5
        mask[:, 1] = True
    loose = 1e-8 if dtype == torch.float64 else 1e-3
    with torch.no_grad():
        plain = twin(xt, t, cond, mask)
        alone = net(xt, t, cond, None, mask)
        assert torch.is_tensor(alone) and torch.is_tensor(net(xt, t, cond, control, mask)), (
            "tensors"
        )
        assert_close(alone, plain, rtol=loose, atol=loose, msg="no control")
        assert_close(net(xt, t, cond, control, mask), plain, rtol=loose, atol=loose, msg="step 0")
        for p in branch.parameters():
            p.copy_(0.3 * torch.randn(p.shape, generator=g, dtype=dtype))
        mine = dict(branch.named_parameters())
        for name, p in net.named_parameters():
            if name.startswith("branch."):
                p.copy_(mine[name.removeprefix("branch.")])
    condition = twin.condition(xt, t, cond, mask)
    h, maps = twin.encode(twin.enter(xt), *condition)
    middle, extra = branch(xt, t, cond, control, mask)
    sums = [sum(pair) for pair in zip(maps, extra)]
    wanted = twin.decode(h + middle, sums, *condition)
    got = net(xt, t, cond, control, mask)
    assert got is not None and got.dtype == dtype, f"the dtype of xt, {dtype}"
    assert_close(
        got, wanted, rtol=10 * loose, atol=10 * loose, msg=f"wrong for xt of shape {shape}"
    )
    pull = torch.randn(shape, generator=g, dtype=dtype)
    assert got.requires_grad, "no gradient"
    for name, p in net.named_parameters():
        assert p.requires_grad == name.startswith("branch."), f"{name}: what learns is the branch"
    learning = {n: p for n, p in net.named_parameters() if n.startswith("branch.")}
    slopes = torch.autograd.grad((got * pull).sum(), list(learning.values()), allow_unused=True)
    truth = torch.autograd.grad((wanted * pull).sum(), list(mine.values()))
    by_name = dict(zip(mine, truth))
    for name, slope in zip(learning, slopes):
        assert slope is not None, f"no gradient reaches {name}"
        true = by_name[name.removeprefix("branch.")]
        size = float(true.abs().max()) + 1
        assert_close(
            slope / size, true / size, rtol=100 * loose, atol=10 * loose, msg=f"gradient of {name}"
        )

# %% [markdown]
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
