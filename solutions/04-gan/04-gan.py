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
# | **Points** | {points}, in eight exercises |
# | **Time** | two to three hours for you, about twenty seconds for a laptop; no GPU |
#
# **How it works.** Replace each `raise NotImplementedError` by your code. Run the check cell below
# it: it prints nothing when all is well, and names the likely mistake when not. A second, hidden
# check runs when you hand in: other inputs, other shapes. To run all visible checks at once, type
# `make check NOTEBOOK=04`, or `python -m course check 04` in JupyterLab's own terminal.

# %% given="setup"
import copy
import math

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.distributions import Categorical, Normal
from torch.nn.functional import cross_entropy, logsigmoid
from torch.testing import assert_close

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
# ### Exercise 1 · The best discriminator
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
p, q = torch.rand(2, 9, generator=g, dtype=torch.float64)
p, q = 3 * p + 0.1, q + 0.1
before = p.clone(), q.clone()
wanted = torch.tensor([a / (a + b) for a, b in zip(p.tolist(), q.tolist())], dtype=torch.float64)
got = optimal_discriminator(p, q)
assert got is not None, "optimal_discriminator returned None: did you forget `return`?"
got = torch.as_tensor(got).double()
assert got.shape == p.shape, f"one number for each point, {tuple(p.shape)}; got {tuple(got.shape)}"
assert torch.equal(p, before[0]) and torch.equal(q, before[1]), (
    "optimal_discriminator has changed the densities it was given: no `/=`, work on a copy"
)
if not torch.allclose(got, wanted, rtol=1e-5):
    for mistake, value in (
        ("this is the probability of being generated: real is 1, so p stands on top", 1 - wanted),
        ("p / q are the odds; the probability is p / (p + q)", p / q),
        ("twice too much: divide by the sum p + q, not by their mean", 2 * wanted),
        ("this is the log of the odds: it still wants a sigmoid", (p / q).log()),
        (
            "a softmax or sigmoid takes logarithms, and these are densities already",
            (p - q).sigmoid(),
        ),
        ("this is a decision; the probability is wanted", (p > q).double()),
        (
            "nothing is made to add up to 1: p and q are densities at these points",
            1 / (1 + q / q.sum() * p.sum() / p),
        ),
        ("each point has its own denominator", p / (p.sum() + q.sum())),
        ("no squares: p / (p + q)", p**2 / (p**2 + q**2)),
    ):
        assert not torch.allclose(got, value, rtol=1e-5), mistake
    raise AssertionError(f"wanted {wanted.tolist()}, got {got.tolist()}")
p = torch.tensor([0.0, 2.0, 0.0, 1e-9, 3e-40], dtype=torch.float64)
q = torch.tensor([0.0, 0.0, 3.0, 3e-9, 1e-40], dtype=torch.float64)
got = torch.as_tensor(optimal_discriminator(p, q)).double().tolist()
assert not math.isnan(got[0]), "NaN where both densities are 0: 0 / 0 should be 1/2"
assert abs(got[0] - 0.5) < 1e-9, f"where both densities are 0 it should be 1/2, got {got[0]}"
assert abs(got[1] - 1) < 1e-6, (
    f"where only p is above 0 a point is surely real: wanted 1, got {got[1]}"
)
assert abs(got[2]) < 1e-6, f"where only q is above 0 it is surely generated: wanted 0, got {got[2]}"
for p, q, value, wanted in ((1e-9, 3e-9, got[3], 0.25), (3e-40, 1e-40, got[4], 0.75)):
    assert abs(value - wanted) < 1e-6, (
        f"at p = {p} and q = {q} it should be {wanted}, got {value:.6f}: small is not 0. "
        "Is there an epsilon, a clamp or a threshold?"
    )


# %% hidden="optimal_discriminator" points=1
# Hidden check, 1 point: Gaussians far into their tails, grids with two axes, float32, empty places.
SEED = 0
g = torch.Generator().manual_seed(SEED)
x = torch.linspace(-12, 12, 97, dtype=torch.float64)
for _ in range(3):
    shift, scale = torch.rand(2, generator=g, dtype=torch.float64)
    log_p = Normal(-shift, 0.6 + scale).log_prob(x)
    log_q = Normal(shift + 0.1, 1.0).log_prob(x)
    got = optimal_discriminator(log_p.exp(), log_q.exp())
    assert got is not None, "nothing came back"
    assert_close(
        torch.as_tensor(got),
        torch.sigmoid(log_p - log_q),
        rtol=1e-4,
        atol=1e-7,
        check_dtype=False,
        msg="wrong for two Gaussians on a grid",
    )
for shape, dtype in (((3, 4), torch.float64), ((2, 3, 2), torch.float32), ((1,), torch.float64)):
    p, q = torch.rand(2, *shape, generator=g, dtype=dtype) + 0.01
    kind = torch.randint(4, shape, generator=g)
    kind.view(-1)[0] = 0
    p, q = p * (kind % 2), q * (kind > 1)
    total = torch.where(kind == 0, torch.ones_like(p), p + q)
    wanted = torch.where(kind == 0, torch.full_like(p, 0.5), p / total)
    assert_close(
        torch.as_tensor(optimal_discriminator(p, q)),
        wanted,
        rtol=1e-4,
        atol=1e-6,
        check_dtype=False,
        msg=f"wrong for densities of shape {shape}",
    )


# %% [markdown]
# ### Exercise 2 · What the game is worth
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
dx = 0.25
x = torch.arange(-10, 10, dx, dtype=torch.float64)
p, q = Normal(-1.0, 1.0).log_prob(x).exp(), Normal(1.0, 1.5).log_prob(x).exp()
d = 0.1 + 0.8 * torch.rand(len(x), generator=g, dtype=torch.float64)
before = [t.clone() for t in (d, p, q)]
real = sum(a * math.log(c) * dx for a, c in zip(p.tolist(), d.tolist()))
fake = sum(b * math.log(1 - c) * dx for b, c in zip(q.tolist(), d.tolist()))
got = game_value(d, p, q, dx)
assert got is not None, "game_value returned None: did you forget `return`?"
got = torch.as_tensor(got)
assert got.numel() == 1, f"one number is wanted, got shape {tuple(got.shape)}: add up the points"
assert all(map(torch.equal, before, (d, p, q))), "game_value has changed what it was given"
got, wanted = got.item(), real + fake
for mistake, value in (
    ("p and q have changed places: log d is weighed by p", ((q - p) * (d / (1 - d)).log()).sum() * dx + wanted),
    ("the sum is not multiplied by dx", wanted / dx),
    ("a mean over the grid, not a sum times dx", wanted / dx / len(x)),
    ("a mean over the grid, not a sum", wanted / len(x)),
    ("the sign is turned: this is what D makes small", -wanted),
    ("natural logarithms are wanted", wanted / math.log(2)),
    ("the second term is missing: q log(1 - d)", real),
    ("the first term is missing: p log d", fake),
    ("-log d is not log(1 - d): that is the generator's other loss", real - (q * d.log()).sum() * dx),
    ("the log of 1 - d is wanted, not 1 minus the log of d", real + (q * (1 - d.log())).sum() * dx),
    ("half of it: the two expectations are added, not averaged", wanted / 2),
    ("the second expectation is added, not taken off", real - fake),
    ("this is the value at the best discriminator; use the d that is given", (p * (p / (p + q)).log() + q * (q / (p + q)).log()).sum() * dx),
    ("d is a probability already: no sigmoid", (p * logsigmoid(d) + q * logsigmoid(-d)).sum() * dx),
    ("the densities are missing: they weigh the logarithms", (d * (1 - d)).log().sum() * dx),
    ("log 4 is added: the value itself is wanted", wanted + math.log(4)),
):  # fmt: skip
    assert not abs(got - float(value)) < 1e-8, mistake
assert abs(got - wanted) < 1e-5, f"added up by hand it is {wanted:.6f}, got {got:.6f}"
ones, zeros = torch.ones(10, dtype=torch.float64), torch.zeros(10, dtype=torch.float64)
got = float(game_value(ones / 2, ones, ones, 0.1))
assert abs(got + math.log(4)) < 1e-6, (
    f"p = q on 10 cells, d = 1/2: wanted -log 4 = {-math.log(4):.6f}, got {got:.6f}. "
    "Does every cell count whole?"
)
apart = torch.cat([ones, zeros, zeros]), torch.cat([zeros, ones, zeros])
got = float(game_value(torch.cat([ones, zeros, ones / 2]), *apart, 0.1))
assert not math.isnan(got), "NaN where a sure D is right: 0 log 0 should be 0"
assert abs(got) < 1e-9, (
    f"p and q apart, and D sure and right: wanted 0, got {got}. Is there an epsilon or a clamp?"
)
tiny = torch.tensor([1e-60, 0.5], dtype=torch.float64)
got = float(game_value(tiny, ones[:2], zeros[:2], 1.0))
wanted = math.log(1e-60) + math.log(0.5)
assert abs(got - wanted) < 1e-3, (
    f"p = (1, 1), q = 0, d = (1e-60, 1/2): wanted {wanted:.3f}, got {got:.3f}. "
    "No epsilon and no clamp; binary_cross_entropy stops its logarithm at -100"
)
got = float(game_value(torch.cat([zeros[:1], ones[:1]]), ones[:2], zeros[:2], 1.0))
assert got < -1e30, f"data where d = 0: the value is minus infinity, got {got}. Leave no point out"


# %% hidden="game_value" points=2
# Hidden check, 2 points: the value at the best D against 2 JSD - log 4, D sure and wrong, grids
# with two axes, float32.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for shape, dtype in (((50,), torch.float64), ((6, 7), torch.float64), ((4, 3, 5), torch.float32)):
    p, q = torch.rand(2, *shape, generator=g, dtype=dtype)
    dx = 0.3 + float(torch.rand(1, generator=g))
    p, q = (t / t.sum() / dx for t in (p, q))
    half = (p + q) / 2
    jsd = 0.5 * ((p * (p / half).log()).sum() + (q * (q / half).log()).sum()) * dx
    got = game_value(p / (p + q), p, q, dx)
    assert got is not None, "nothing came back"
    got = torch.as_tensor(got)
    assert got.numel() == 1, f"one number, for a grid of shape {shape}"
    wanted = float(2 * jsd) - math.log(4)
    assert abs(got.item() - wanted) < 1e-4, f"2 JSD - log 4, for a grid of shape {shape}"
    d = 0.02 + 0.96 * torch.rand(shape, generator=g, dtype=dtype)
    p, q = p * (torch.rand(shape, generator=g) < 0.5), q * (torch.rand(shape, generator=g) < 0.5)
    wanted = sum(
        (a * math.log(c) + b * math.log(1 - c)) * dx
        for a, b, c in zip(*(t.flatten().tolist() for t in (p, q, d)))
    )
    got = torch.as_tensor(game_value(d, p, q, dx)).item()
    assert abs(got - wanted) < 1e-4 * (1 + abs(wanted)), f"another D, for a grid of shape {shape}"
one = torch.ones(1, dtype=torch.float64)
for d, p, q, wanted in (
    (0 * one, 0 * one, one, 0.0),
    (one, one, 0 * one, 0.0),
    (0 * one, 0 * one, 0 * one, 0.0),
    (one, 0 * one, 0 * one, 0.0),
    (1e-80 * one, one, one, math.log(1e-80)),
):
    got = float(game_value(d, p, q, 1.0))
    assert abs(got - wanted) < 1e-6, f"d = {d.item()}, p = {p.item()}, q = {q.item()}"
assert float(game_value(one, one, one, 1.0)) < -1e30, "a fake where d = 1"


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
# ### Exercise 3 · What the discriminator makes small
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
logits_real = 1 + 2 * torch.randn(6, generator=g, dtype=torch.float64)
logits_fake = 2 * torch.randn(4, generator=g, dtype=torch.float64) - 1
D_real, D_fake = 1 / (1 + (-logits_real).exp()), 1 / (1 + (-logits_fake).exp())
before = logits_real.clone(), logits_fake.clone()


def cross_entropy_of(D, label):
    return -(label * D.log() + (1 - label) * (1 - D).log())


for smooth in (0.0, 0.2):
    options = {"smooth": smooth} if smooth else {}
    got = discriminator_loss(logits_real, logits_fake, **options)
    assert got is not None, "discriminator_loss returned None: did you forget `return`?"
    assert torch.is_tensor(got), "a tensor is wanted: training differentiates it, so no .item()"
    assert got.numel() == 1, (
        f"one number is wanted, got shape {tuple(got.shape)}: take the mean of each batch"
    )
    assert torch.equal(logits_real, before[0]) and torch.equal(logits_fake, before[1]), (
        "discriminator_loss has changed the logits it was given"
    )
    got = got.item()
    assert not math.isnan(got), (
        "NaN: did you take the log of a logit? Logits are log-odds, not probabilities"
    )
    real, fake = cross_entropy_of(D_real, 1 - smooth), cross_entropy_of(D_fake, 0.0)
    wanted = (real.mean() + fake.mean()).item()
    twice = [cross_entropy_of(t.sigmoid(), label) for t, label in ((D_real, 1 - smooth), (D_fake, 0.0))]  # fmt: skip
    mistakes = [
        ("the labels are swapped: real is 1, generated is 0", cross_entropy_of(D_real, 0.0).mean() + cross_entropy_of(D_fake, 1 - smooth).mean()),
        ("is the sigmoid taken twice? A function `with_logits` takes it itself", twice[0].mean() + twice[1].mean()),
        ("half of it: add the two means, do not average them", wanted / 2),
        ("one mean over both batches: each batch has a mean of its own, and they are added", torch.cat([real, fake]).mean()),
        ("one mean over both batches, doubled: that is right for batches of one size only", 2 * torch.cat([real, fake]).mean()),
        ("only as many rows as the shorter batch has are used: do not pair the rows", real[:4].mean() + fake.mean()),
        ("sums over the batches; means are wanted", real.sum() + fake.sum()),
        ("each batch is divided by its own size", (real.sum() + fake.sum()) / len(real)),
        ("the sign is turned: this is the value that D makes large", -wanted),
        ("the second term is added, not taken off", (real.mean() - fake.mean())),
        ("generated samples have the label 0; here both batches have 1", real.mean() + cross_entropy_of(D_fake, 1.0).mean()),
        ("the second term is missing: generated samples", real.mean()),
        ("the first term is missing: real data", fake.mean()),
        ("the mean of the logs is wanted, not the log of the mean", cross_entropy_of(D_real.mean(), 1 - smooth) + cross_entropy_of(D_fake.mean(), 0.0)),
        ("the mean of the losses is wanted, not the loss of the mean logit", cross_entropy_of(logits_real.mean().sigmoid(), 1 - smooth) + cross_entropy_of(logits_fake.mean().sigmoid(), 0.0)),
        ("a critic's loss: the logarithms are missing", logits_fake.mean() - (1 - smooth) * logits_real.mean()),
        ("squared errors of the probabilities; the logarithms are wanted", ((D_real - 1 + smooth) ** 2).mean() + (D_fake**2).mean()),
        ("a hinge loss; the logarithms are wanted", (1 - smooth - logits_real).relu().mean() + (1 + logits_fake).relu().mean()),
        ("a softmax runs over the batch; each row has a sigmoid of its own", -logits_real.log_softmax(0).mean() - (-logits_fake).log_softmax(0).mean()),
    ]  # fmt: skip
    if smooth:
        full = cross_entropy_of(D_real, 1.0)
        mistakes += [
            ("smooth is not used", full.mean() + fake.mean()),
            ("one-sided: the label of generated samples stays 0", real.mean() + cross_entropy_of(D_fake, smooth).mean()),
            ("the label of real data is 1 - smooth, not smooth", cross_entropy_of(D_real, smooth).mean() + fake.mean()),
            ("the label of real data is 1 - smooth, not 1 - smooth / 2", cross_entropy_of(D_real, 1 - smooth / 2).mean() + fake.mean()),
            ("where is smooth times log(1 - D(x))?", (1 - smooth) * full.mean() + fake.mean()),
            ("the label of the real data is smoothed, not that of the generated", full.mean() + cross_entropy_of(D_fake, smooth).mean()),
        ]  # fmt: skip
    for mistake, value in mistakes:
        assert not abs(got - float(value)) < 1e-8, f"at smooth = {smooth}: {mistake}"
    assert abs(got - wanted) < 1e-5, (
        f"at smooth = {smooth}, with D formed row by row, it is {wanted:.6f}; got {got:.6f}"
    )
leaves = [t.clone().requires_grad_() for t in before]
value = discriminator_loss(*leaves)
assert value.requires_grad, "no gradient comes back: stay in torch, without .item() and .detach()"
slopes = torch.autograd.grad(value, leaves, allow_unused=True)
for name, slope, truth in zip(
    ("logits_real", "logits_fake"), slopes, ((D_real - 1) / 6, D_fake / 4)
):
    assert slope is not None, f"no gradient reaches {name}: is something detached?"
    assert torch.allclose(slope, truth, rtol=1e-4, atol=1e-6), (
        f"the gradient with respect to {name} should be (D - label) / B"
    )
far = torch.tensor([1000.0, -1000.0], dtype=torch.float64)
got = discriminator_loss(far, far).item()
assert math.isfinite(got), (
    f"at logits of 1000 and -1000 you get {got}: the log of a probability underflows. Take it in one step"
)
assert abs(got - 1000) < 0.1, (
    f"logits of 1000 and -1000 in both batches: wanted 1000, got {got:.3f}. An epsilon or a clamp "
    "is not exact, and binary_cross_entropy of a sigmoid stops at -100"
)


# %% hidden="discriminator_loss" points=1
# Hidden check, 1 point: other sizes, one row, float32, label smoothing, gradients, both tails.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, m, dtype, smooth in (
    (5, 8, torch.float64, 0.0),
    (1, 3, torch.float64, 0.1),
    (9, 9, torch.float32, 0.3),
    (4, 1, torch.float32, 0.0),
):
    spread = 2 + 3 * float(torch.rand(1, generator=g))
    a = (spread * torch.randn(n, generator=g, dtype=dtype)).requires_grad_()
    b = (spread * torch.randn(m, generator=g, dtype=dtype)).requires_grad_()
    zero = torch.zeros(1, dtype=dtype)
    wanted = (torch.logaddexp(zero, -a) + smooth * a).mean() + torch.logaddexp(zero, b).mean()
    got = discriminator_loss(a, b, smooth=smooth)
    assert torch.is_tensor(got) and got.numel() == 1, "one number, a tensor"
    where = f"{n} real, {m} generated, smooth {smooth}"
    assert_close(
        got.reshape(()), wanted, rtol=1e-4, atol=1e-5, check_dtype=False, msg=f"wrong for {where}"
    )
    assert got.requires_grad, "no gradient"
    truth = ((a.sigmoid() - 1 + smooth) / n, b.sigmoid() / m)
    for slope, t in zip(torch.autograd.grad(got, (a, b), allow_unused=True), truth):
        assert slope is not None, "no gradient"
        assert_close(slope, t, rtol=1e-3, atol=1e-5, msg=f"the gradient is wrong for {where}")
for dtype in (torch.float64, torch.float32):
    a = torch.tensor([1000.0, -800.0, 30.0], dtype=dtype, requires_grad=True)
    b = torch.tensor([-1000.0, 600.0], dtype=dtype, requires_grad=True)
    for smooth, wanted in ((0.0, 800 / 3 + 300), (0.1, (100 + 720 + 3) / 3 + 300)):
        got = discriminator_loss(a, b, smooth=smooth)
        assert abs(got.item() - wanted) < 1e-2, f"wrong in the tails, smooth {smooth}"
        slopes = torch.autograd.grad(got, (a, b))
        truth = torch.tensor([smooth, smooth - 1, smooth]) / 3, torch.tensor([0, 1]) / 2
        for slope, t in zip(slopes, truth):
            assert_close(
                slope, t.to(dtype), rtol=1e-3, atol=1e-5, msg="wrong gradient in the tails"
            )


# %% [markdown]
# ### Exercise 4 · What the generator makes small
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
logits = 2 * torch.randn(5, generator=g, dtype=torch.float64)
before = logits.clone()
D = 1 / (1 + (-logits).exp())
log_real, log_fake = D.log().mean(), (1 - D).log().mean()
twice, middle = D.sigmoid(), D.mean()
for kind, options, wanted, other in (
    ("non_saturating", {"kind": "non_saturating"}, -log_real, log_fake),
    ("minimax", {"kind": "minimax"}, log_fake, -log_real),
    ("non_saturating", {}, -log_real, log_fake),
):
    got = generator_loss(logits, **options)
    assert got is not None, f"generator_loss returned None for kind={kind!r}: is there a `return`?"
    assert torch.is_tensor(got), "a tensor is wanted: training differentiates it, so no .item()"
    assert got.numel() == 1, (
        f"one number is wanted, got shape {tuple(got.shape)}: take the mean over the batch"
    )
    assert torch.equal(logits, before), "generator_loss has changed the logits it was given"
    got, wanted = got.item(), wanted.item()
    assert math.isfinite(got), f"kind={kind!r} gives {got}: a log of a logit?"
    saturating = kind == "minimax"
    for mistake, value in (
        ("this is the other loss: is kind used, and used the right way round?" if options else "the default should be non_saturating", other),
        ("the sign is turned: made small, this loss would make G help D", -wanted),
        ("this is the other loss with its sign turned: the wrong label, or the wrong logarithm", -other),
        ("is the sigmoid taken twice? A function `with_logits` takes it itself", (1 - twice).log().mean() if saturating else -twice.log().mean()),
        ("half of it: there is no 1/2", wanted / 2),
        ("a sum over the batch; its mean is wanted", wanted * 5),
        ("the mean of the logs is wanted, not the log of the mean", (1 - middle).log() if saturating else -middle.log()),
        ("the logarithm is missing", 1 - middle if saturating else -middle),
        ("this is minus the mean logit: are the logarithms missing, or both losses added?", -logits.mean()),
    ):  # fmt: skip
        assert not abs(got - float(value)) < 1e-8, f"kind={kind!r}: {mistake}"
    assert abs(got - wanted) < 1e-5, (
        f"kind={kind!r}: with D formed row by row it is {wanted:.6f}; got {got:.6f}"
    )
    leaf = before.clone().requires_grad_()
    value = generator_loss(leaf, **options)
    assert value.requires_grad, (
        "no gradient comes back: G would learn nothing. No .detach(), no .item()"
    )
    (slope,) = torch.autograd.grad(value, leaf)
    assert torch.allclose(slope, (-D if saturating else D - 1) / 5, rtol=1e-4, atol=1e-6), (
        f"kind={kind!r}: the value is right and its gradient is not"
    )
    far = torch.tensor([1000.0, -1000.0], dtype=torch.float64)
    got, wanted = generator_loss(far, **options).item(), -500.0 if saturating else 500.0
    assert math.isfinite(got), (
        f"kind={kind!r}: at logits of 1000 and -1000 you get {got}: the log of a probability "
        "underflows. Take it in one step"
    )
    assert abs(got - wanted) < 0.1, (
        f"kind={kind!r}: logits of 1000 and -1000: wanted {wanted}, got {got:.3f}. An epsilon or a "
        "clamp is not exact, and binary_cross_entropy of a sigmoid stops at -100"
    )


# %% hidden="generator_loss" points=1
# Hidden check, 1 point: other sizes, one row, float32, gradients, both tails.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, dtype in ((7, torch.float64), (1, torch.float64), (12, torch.float32)):
    logits = (4 * torch.randn(n, generator=g, dtype=dtype)).requires_grad_()
    zero = torch.zeros(1, dtype=dtype)
    for options, wanted, truth in (
        ({"kind": "minimax"}, -torch.logaddexp(zero, logits).mean(), -logits.sigmoid() / n),
        ({"kind": "non_saturating"}, torch.logaddexp(zero, -logits).mean(), -(-logits).sigmoid() / n),
        ({}, torch.logaddexp(zero, -logits).mean(), -(-logits).sigmoid() / n),
    ):  # fmt: skip
        got = generator_loss(logits, **options)
        assert torch.is_tensor(got) and got.numel() == 1, "one number, a tensor"
        assert_close(
            got.reshape(()),
            wanted,
            rtol=1e-4,
            atol=1e-5,
            check_dtype=False,
            msg=f"wrong for {options}",
        )
        assert got.requires_grad, "no gradient"
        (slope,) = torch.autograd.grad(got, logits)
        assert_close(slope, truth, rtol=1e-3, atol=1e-5, msg=f"wrong gradient for {options}")
for dtype in (torch.float64, torch.float32):
    far = torch.tensor([900.0, -700.0, -35.0], dtype=dtype, requires_grad=True)
    for kind, wanted, truth in (
        ("minimax", -300.0, [-1 / 3, 0, 0]),
        ("non_saturating", 245.0, [0, -1 / 3, -1 / 3]),
    ):
        got = generator_loss(far, kind)
        assert abs(got.item() - wanted) < 1e-2, f"wrong in the tails, {kind}"
        (slope,) = torch.autograd.grad(got, far)
        truth = torch.tensor(truth, dtype=dtype)
        assert_close(slope, truth, rtol=1e-4, atol=1e-5, msg=f"wrong gradient in the tails, {kind}")


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
# ### Exercise 5 · A step of the discriminator
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)


def small(inputs, outputs, *last):  # a network with batch norm
    first = [nn.Linear(inputs, 8, bias=False), nn.BatchNorm1d(8), nn.LeakyReLU(0.2)]
    return nn.Sequential(*first, nn.Linear(8, outputs), *last).double()


def one_step(how):
    """One step on copies, as it should be or with a mistake: the loss, and D's new weights."""
    G, D, optimizer = copy.deepcopy((net_g, net_d, opt_d))
    if how == "eval":
        G.eval(), D.eval()
    weights, label = list(D.parameters()), 1 - (0 if how == "not smooth" else smooth)
    for _ in range(2 if how == "twice" else 1):
        data, samples = x, G(z).detach()
        if how == "cut":
            data, samples = x[: len(z)], samples[: len(x)]
        a, b = D(data), D(samples)
        if how == "one call":
            a, b = D(torch.cat([data, samples])).split([len(data), len(samples)])
        a, b = (b, a) if how == "swapped" else (a, b)
        b = b.detach() if how == "deaf" else b
        loss = -(label * logsigmoid(a) + (1 - label) * logsigmoid(-a)).mean()
        loss = loss + (0 if how == "real only" else -logsigmoid(-b).mean())
        slopes = torch.autograd.grad(loss, weights)
        for weight, slope, rest in zip(weights, slopes, old):
            odd = {"half": slope / 2, "uphill": -slope, "stale": slope + rest, "late": rest}
            weight.grad = odd.get(how, slope)
        optimizer.step()
    return loss.item(), torch.cat([w.detach().flatten() for w in weights])


def same(a, b):
    return torch.allclose(a, b, rtol=1e-5, atol=1e-8)


for smooth in (0.0, 0.2):
    net_g, net_d = small(3, 2), small(2, 1, nn.Flatten(0))
    opt_d = torch.optim.SGD(net_d.parameters(), lr=0.3, momentum=0.9)
    x = 2 * torch.randn(9, 2, generator=g, dtype=torch.float64) + 1
    z = torch.randn(6, 3, generator=g, dtype=torch.float64)
    old = [torch.randn(p.shape, generator=g).double() for p in net_d.parameters()]
    keep = [torch.randn(p.shape, generator=g).double() for p in net_g.parameters()]
    for net, slopes in ((net_d, old), (net_g, keep)):  # gradients of the steps before
        for parameter, slope in zip(net.parameters(), slopes):
            parameter.grad = slope.clone()
    before, start = copy.deepcopy((net_g, net_d)), x.clone()
    loss_before, wanted = one_step("")
    mistakes = {how: one_step(how) for how in (
        "stale", "swapped", "uphill", "half", "one call", "twice", "eval", "cut", "deaf",
        "real only", "not smooth", "late")}  # fmt: skip
    got = discriminator_step(net_g, net_d, x, z, opt_d, **({"smooth": smooth} if smooth else {}))
    assert got is not None, "discriminator_step returned None: return the loss"
    got = torch.as_tensor(got).detach()
    assert got.numel() == 1, f"the loss is one number, got shape {tuple(got.shape)}"
    assert torch.equal(x, start), "discriminator_step has changed the data it was given"
    for one, two in zip(before[0].parameters(), net_g.parameters()):
        assert torch.equal(one, two), (
            "G's weights have changed: this is D's step, and opt_d is the only optimizer"
        )
    for parameter, slope in zip(net_g.parameters(), keep):
        assert parameter.grad is not None and parameter.grad.any(), (
            "G's gradients have been dropped; D's step must not touch them. Cut the graph at the samples and there is nothing to clear"
        )
        assert torch.equal(parameter.grad, slope), (
            "a gradient has reached G: cut the graph at the samples, with .detach() or no_grad"
        )
    for net, name in ((net_g, "G"), (net_d, "D")):
        assert all(p.requires_grad for p in net.parameters()), (
            f"{name}'s parameters are frozen for good: switch requires_grad on again"
        )
        assert all(m.training for m in net.modules()), f"{name} is left in evaluation mode"
    now = torch.cat([p.detach().flatten() for p in net_d.parameters()])
    still = torch.cat([p.detach().flatten() for p in before[1].parameters()])
    assert not same(now, still), (
        "D has not moved: backward fills the gradients, the optimizer's step uses them, and zero_grad comes before both"
    )
    assert opt_d.state, (
        "D's weights have moved, but opt_d took no step: use the optimizer you are given"
    )
    if not same(now, wanted):
        for how, mistake in (
            ("stale", "the gradients that D held before are in the step: drop them before you go backward"),
            ("swapped", "data and generated samples have changed places, or the labels"),
            ("uphill", "D went uphill: the loss is made small. If exercise 3 passes, no minus here"),
            ("half", "half a step: the loss is the sum of the two means, not divided by 2"),
            ("one call", "data and samples went through D in one call: its batch norm mixes them. Two calls"),
            ("twice", "two steps in place of one"),
            ("eval", "the networks were put into evaluation mode; take them as they come"),
            ("cut", "rows are lost: x and z need not have equally many"),
            ("deaf", "D learns nothing from generated samples: cut the graph behind the sample, not D's answer"),
            ("real only", "D learns nothing from generated samples"),
            ("not smooth", "smooth is not handed on to discriminator_loss"),
            ("late", "the step came before backward: it used gradients from long ago"),
        ):  # fmt: skip
            assert not same(now, mistakes[how][1]), f"at smooth = {smooth}: {mistake}"
        raise AssertionError(
            "D's weights are not where one step of opt_d on the loss puts them: is it one step on the sum of both terms, with this z, nothing clipped, zero_grad then backward then step?"
        )
    got = got.item()
    for value, mistake in (
        (-loss_before, "the step is right, but the loss comes back with its sign turned"),
        (loss_before / 2, "the step is right, but half the loss comes back"),
    ):
        assert not abs(got - value) < 1e-5, mistake
    assert abs(got - loss_before) < 1e-5, (
        f"the step is right, but the loss before it was {loss_before:.6f}, and {got:.6f} comes back. Is it the loss after the step?"
    )


# %% hidden="discriminator_step" points=2
# Hidden check, 2 points: other optimizers, several steps in a row, images, float32, label
# smoothing, gradients left by G's step, a G that stays untouched.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for case, dtype, smooth in (
    ("adam", torch.float64, 0.0),
    ("images", torch.float64, 0.1),
    ("rmsprop", torch.float32, 0.0),
    ("batch norm", torch.float64, 0.25),
):
    if case == "images":
        up = nn.Unflatten(1, (2, 2, 2)), nn.ConvTranspose2d(2, 1, 4, stride=2, padding=1), nn.Tanh()
        net_g = nn.Sequential(nn.Linear(5, 8), *up)
        down = nn.Conv2d(1, 3, 3, padding=1), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(48, 1)
        net_d, event, K = nn.Sequential(*down, nn.Flatten(0)), (1, 4, 4), 5
    else:
        norm = [nn.BatchNorm1d(6)] if case == "batch norm" else []
        net_g = nn.Sequential(nn.Linear(2, 6, bias=False), *norm, nn.Tanh(), nn.Linear(6, 2))
        net_d = nn.Sequential(
            nn.Linear(2, 6, bias=False), *norm, nn.Tanh(), nn.Linear(6, 1), nn.Flatten(0)
        )
        event, K = (2,), 2
    net_g, net_d = net_g.to(dtype), copy.deepcopy(net_d.to(dtype))
    make = {
        "adam": lambda w: torch.optim.Adam(w, lr=0.02, betas=(0.5, 0.999)),
        "rmsprop": lambda w: torch.optim.RMSprop(w, lr=0.01, eps=1e-3),
        "images": lambda w: torch.optim.SGD(w, lr=0.2, momentum=0.9),
        "batch norm": lambda w: torch.optim.SGD(w, lr=0.2),
    }[case]
    other_g, other_d = copy.deepcopy((net_g, net_d))
    opt_d, other = make(net_d.parameters()), make(other_d.parameters())
    weights = list(other_d.parameters())
    keep = [torch.randn(p.shape, generator=g, dtype=dtype) for p in net_g.parameters()]
    for parameter, slope in zip(net_g.parameters(), keep):
        parameter.grad = slope.clone()
    frozen = [p.detach().clone() for p in net_g.parameters()]
    for step, (n, m) in enumerate(((7, 7), (8, 5), (4, 6))):
        x = torch.randn(n, *event, generator=g, dtype=dtype) + 1
        z = torch.randn(m, K, generator=g, dtype=dtype)
        for parameter in net_d.parameters():  # what G's step may have left
            parameter.grad = torch.randn(parameter.shape, generator=g, dtype=dtype)
        a, b = other_d(x), other_d(other_g(z).detach())
        wanted = (nn.functional.softplus(-a) + smooth * a).mean() + nn.functional.softplus(b).mean()
        for weight, slope in zip(weights, torch.autograd.grad(wanted, weights)):
            weight.grad = slope
        other.step()
        got = discriminator_step(
            net_g, net_d, x, z, opt_d, **({"smooth": smooth} if smooth else {})
        )
        assert got is not None and torch.as_tensor(got).numel() == 1, "the loss, one number"
        where = f"{case}, step {step + 1}"
        assert abs(float(got) - wanted.item()) < 1e-3, f"the loss before the step: {where}"
        for one, two in zip(net_d.parameters(), weights):
            assert_close(
                one.detach(), two.detach(), rtol=1e-3, atol=1e-4, msg=f"D's weights: {where}"
            )
        for parameter, slope, was in zip(net_g.parameters(), keep, frozen):
            assert torch.equal(parameter.detach(), was), f"G's weights have changed: {where}"
            assert parameter.grad is not None and torch.equal(parameter.grad, slope), (
                f"G's gradients have changed: {where}"
            )
            assert parameter.requires_grad, f"G is frozen for good: {where}"
        assert all(m.training for net in (net_g, net_d) for m in net.modules()), "evaluation mode"


# %% [markdown]
# ### Exercise 6 · A step of the generator
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)


def small(inputs, outputs, *last):  # a network with batch norm
    first = [nn.Linear(inputs, 8, bias=False), nn.BatchNorm1d(8), nn.LeakyReLU(0.2)]
    return nn.Sequential(*first, nn.Linear(8, outputs), *last).double()


def one_step(how):
    """One step on copies, as it should be or with a mistake: the loss, and G's new weights."""
    G, D, optimizer = copy.deepcopy((net_g, net_d, opt_g))
    if how == "eval":
        G.eval(), D.eval()
    weights = list(G.parameters())
    for _ in range(2 if how == "twice" else 1):
        samples = D(G(z))
        minimax = (kind == "minimax") != (how == "other")
        loss = logsigmoid(-samples).mean() if minimax else -logsigmoid(samples).mean()
        for weight, slope, rest in zip(weights, torch.autograd.grad(loss, weights), old):
            odd = {"half": slope / 2, "uphill": -slope, "stale": slope + rest, "late": rest}
            weight.grad = odd.get(how, slope)
        optimizer.step()
    return loss.item(), torch.cat([w.detach().flatten() for w in weights])


def same(a, b):
    return torch.allclose(a, b, rtol=1e-5, atol=1e-8)


for kind, options in (
    ("non_saturating", {}),
    ("minimax", {"kind": "minimax"}),
    ("non_saturating", {"kind": "non_saturating"}),
):
    net_g, net_d = small(3, 2), small(2, 1, nn.Flatten(0))
    net_d[-2].bias.data -= 2  # a discriminator that sees through G
    opt_g = torch.optim.SGD(net_g.parameters(), lr=1.0, momentum=0.9)
    z = torch.randn(7, 3, generator=g, dtype=torch.float64)
    old = [torch.randn(p.shape, generator=g).double() for p in net_g.parameters()]
    for parameter, slope in zip(net_g.parameters(), old):  # gradients of steps before
        parameter.grad = slope.clone()
    before = copy.deepcopy((net_g, net_d))
    loss_before, wanted = one_step("")
    mistakes = {
        how: one_step(how) for how in ("other", "uphill", "stale", "late", "twice", "half", "eval")
    }
    got = generator_step(net_g, net_d, z, opt_g, **options)
    assert got is not None, "generator_step returned None: return the loss"
    got = torch.as_tensor(got).detach()
    assert got.numel() == 1, f"the loss is one number, got shape {tuple(got.shape)}"
    for one, two in zip(before[1].parameters(), net_d.parameters()):
        assert torch.equal(one, two), (
            "D's weights have changed: this is G's step, and opt_g is the only optimizer"
        )
    for net, name in ((net_g, "G"), (net_d, "D")):
        assert all(p.requires_grad for p in net.parameters()), (
            f"{name}'s parameters are frozen for good: D could never learn again. Thaw them"
        )
        assert all(m.training for m in net.modules()), f"{name} is left in evaluation mode"
    now = torch.cat([p.detach().flatten() for p in net_g.parameters()])
    still = torch.cat([p.detach().flatten() for p in before[0].parameters()])
    assert not same(now, still), (
        "G has not moved: the graph must reach from the loss to G, so nothing is detached; then zero, backward, step, in this order"
    )
    assert opt_g.state, (
        "G's weights have moved, but opt_g took no step: use the optimizer you are given"
    )
    if not same(now, wanted):
        for how, mistake in (
            ("other", "this is the step of the other loss: is kind handed on, and what is the default?"),
            ("uphill", "G went uphill: it helps D. Make the loss small; if exercise 4 passes, no minus here"),
            ("stale", "the gradients that G held before are in the step: drop them before you go backward"),
            ("twice", "two steps in place of one"),
            ("late", "the step came before backward: it used gradients from long ago"),
            ("half", "half a step: there is no 1/2"),
            ("eval", "the networks were put into evaluation mode; take them as they come"),
        ):  # fmt: skip
            assert not same(now, mistakes[how][1]), f"kind={kind!r}: {mistake}"
        reversed_other = 2 * still - mistakes["other"][1]
        assert not same(now, reversed_other), (
            f"kind={kind!r}: this is the other loss, uphill: D's own loss made small? G wants D to be wrong"
        )
        raise AssertionError(
            f"kind={kind!r}: G's weights are not where one step of opt_g on the loss puts them: is it one step for the whole batch, with this z, nothing clipped, zero_grad then backward then step?"
        )
    got = got.item()
    assert not abs(got + loss_before) < 1e-5, (
        "the step is right, but the loss comes back with its sign turned"
    )
    assert abs(got - loss_before) < 1e-5, (
        f"the step is right, but the loss before it was {loss_before:.6f}, and {got:.6f} comes back. Is it the loss after the step?"
    )


# %% hidden="generator_step" points=2
# Hidden check, 2 points: other optimizers, several steps in a row, images, float32, both kinds,
# old gradients, a D that stays as it is.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for case, dtype, options in (
    ("adam", torch.float64, {}),
    ("images", torch.float64, {"kind": "minimax"}),
    ("rmsprop", torch.float32, {"kind": "non_saturating"}),
    ("batch norm", torch.float64, {"kind": "minimax"}),
):
    if case == "images":
        up = nn.Unflatten(1, (2, 2, 2)), nn.ConvTranspose2d(2, 1, 4, stride=2, padding=1), nn.Tanh()
        net_g, K = nn.Sequential(nn.Linear(5, 8), *up), 5
        down = nn.Conv2d(1, 3, 3, padding=1), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(48, 1)
        net_d = nn.Sequential(*down, nn.Flatten(0))
    else:
        norm = [nn.BatchNorm1d(6)] if case == "batch norm" else []
        net_g = nn.Sequential(nn.Linear(2, 6, bias=False), *norm, nn.Tanh(), nn.Linear(6, 2))
        net_d = nn.Sequential(
            nn.Linear(2, 6, bias=False), *norm, nn.Tanh(), nn.Linear(6, 1), nn.Flatten(0)
        )
        K = 2
    net_g, net_d = net_g.to(dtype), copy.deepcopy(net_d.to(dtype))
    make = {
        "adam": lambda w: torch.optim.Adam(w, lr=0.02, betas=(0.5, 0.999)),
        "rmsprop": lambda w: torch.optim.RMSprop(w, lr=0.01, eps=1e-3),
        "images": lambda w: torch.optim.SGD(w, lr=0.5, momentum=0.9),
        "batch norm": lambda w: torch.optim.SGD(w, lr=0.5),
    }[case]
    other_g, other_d = copy.deepcopy((net_g, net_d))
    opt_g, other = make(net_g.parameters()), make(other_g.parameters())
    weights, frozen = list(other_g.parameters()), [p.detach().clone() for p in net_d.parameters()]
    for step, n in enumerate((7, 5, 3)):
        z = torch.randn(n, K, generator=g, dtype=dtype)
        for net in (net_g, net_d):  # what other steps may have left
            for parameter in net.parameters():
                parameter.grad = torch.randn(parameter.shape, generator=g, dtype=dtype)
        answer = other_d(other_g(z))
        wanted = nn.functional.softplus(-answer).mean()
        if options.get("kind") == "minimax":
            wanted = -nn.functional.softplus(answer).mean()
        for weight, slope in zip(weights, torch.autograd.grad(wanted, weights)):
            weight.grad = slope
        other.step()
        got = generator_step(net_g, net_d, z, opt_g, **options)
        assert got is not None and torch.as_tensor(got).numel() == 1, "the loss, one number"
        where = f"{case}, step {step + 1}"
        assert abs(float(got) - wanted.item()) < 1e-3, f"the loss before the step: {where}"
        for one, two in zip(net_g.parameters(), weights):
            assert_close(
                one.detach(), two.detach(), rtol=1e-3, atol=1e-4, msg=f"G's weights: {where}"
            )
        for parameter, was in zip(net_d.parameters(), frozen):
            assert torch.equal(parameter.detach(), was), f"D's weights have changed: {where}"
            assert parameter.requires_grad, f"D is frozen for good: {where}"
        assert all(m.training for net in (net_g, net_d) for m in net.modules()), "evaluation mode"

# %% [markdown]
# ## Part D · The verdict
#
# ### Exercise 7 · How many modes?
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
centers, sigma, n = eight_centers().double(), 0.1, 128
good, bad = [40, 20, 8, 7, 1, 0, 0, 0], [0, 0, 0, 0, 0, 32, 10, 10]  # samples of each mode
near, turn = torch.rand(2, n, generator=g, dtype=torch.float64)
mode = torch.tensor([m for counts in (good, bad) for m in range(8) for _ in range(counts[m])])
is_good = torch.arange(n) < sum(good)
angle = torch.where(
    torch.arange(n) % 4 < 2, 2 * math.pi * turn, math.pi / 4
)  # half on the diagonal
radius = 3 * sigma * torch.where(is_good, 0.4 + 0.57 * near, 1.05 + 0.3 * near)
x = centers[mode] + radius[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)
order = torch.randperm(n, generator=g)
x, before = x[order], x[order].clone()
got = modes_covered(x, centers, sigma, min_share=1 / 16)
assert got is not None, "modes_covered returned None: did you forget `return`?"
assert isinstance(got, (tuple, list)) and len(got) == 2, (
    "two numbers are wanted: how many modes are covered, and the share of good samples"
)
assert torch.equal(x, before), "modes_covered has changed the samples it was given"
modes, share = (float(torch.as_tensor(t)) for t in got)
truth = sum(good) / n
assert not (abs(modes - truth) < 1e-6 and share == 3), (
    "the number of modes comes first, then the share"
)
for mistake, value in (
    ("this is the number of good samples; its share of all is wanted", sum(good)),
    ("this is the share of the bad samples", 1 - truth),
    ("every sample counts as good: is the distance the squared one, or the limit not 3 sigma?", 1.0),
    ("the share counts every good sample, whether or not its mode is covered", (40 + 20 + 8) / n),
    ("no sample counts as good: the limit is 3 sigma, not one", 0.0),
):  # fmt: skip
    assert not abs(share - value) < 1e-8, mistake
assert abs(share - truth) < 1e-6, (
    f"{sum(good)} of {n} samples lie within 3 sigma of a centre, a share of {truth:.4f}; got {share:.4f}. "
    + (
        "Too many: Euclidean distance, compared with 3 sigma? Axis by axis, a square is larger than a circle"
        if share > truth
        else "Too few: is the squared distance compared with 3 sigma^2, or a limit of one or two sigma? Is it the Euclidean distance?"
    )
)
for mistake, value in (
    ("far samples count for their nearest centre: only those within 3 sigma do", 6),
    (
        "one sample near a centre is not enough: its mode needs the share min_share of all samples",
        5,
    ),
    ("exactly min_share is enough: at least, not more than", 2),
    ("min_share is an argument, to be used as it is, and a share of all samples, good or bad", 4),
    ("how many modes, not which share of them", 3 / 8),
):
    assert modes != value, f"{mistake}. The good samples: {good} of {n}, and min_share = 1/16"
assert modes == 3, f"good samples {good} of {n}, and min_share = 1/16: wanted 3 modes, got {modes}"
modes, share = modes_covered(x, centers, sigma)
assert modes == 4, (
    f"good samples {good} of {n}, and min_share = 0.01: wanted 4 modes, got {modes}. 1 of {n} is less than 0.01"
)


# %% hidden="modes_covered" points=2
# Hidden check, 2 points: three dimensions, close centres, one centre, no good sample, a share that is
# no whole number of samples, float32.
SEED = 0
g = torch.Generator().manual_seed(SEED)


def about(center, radii):
    """Points at these distances from a centre, in random directions."""
    step = torch.randn(len(radii), len(center), generator=g, dtype=center.dtype)
    return center + torch.as_tensor(radii, dtype=center.dtype)[:, None] * step / step.norm(
        dim=1, keepdim=True
    )


def spread(n, low, high):
    return low + (high - low) * torch.rand(n, generator=g)


# 1. Three dimensions, twelve centres far apart, in two precisions.
for dtype in (torch.float64, torch.float32):
    centers = torch.cartesian_prod(*(torch.arange(k, dtype=dtype) for k in (2, 2, 3))) * 10
    sigma, n = 0.5 + float(torch.rand(1, generator=g)) / 2, 200
    counts = [60, 0, 20, 19, 0, 30, 1, 0, 21, 0, 0, 25]  # 176 good ones; 19 are less than a tenth
    parts = [about(c, spread(m, 0.1, 2.9) * sigma) for c, m in zip(centers, counts)]
    parts += [about(centers[1], spread(12, 3.1, 3.6) * sigma), about(centers[7], spread(12, 3.1, 5) * sigma)]  # fmt: skip
    x = torch.cat(parts)[torch.randperm(n, generator=g)]
    for min_share, wanted in ((0.1, 5), (0.0975, 5), (0.0925, 6), (1 / 256, 7), (0.31, 0)):
        got = modes_covered(x, centers, sigma, min_share)
        assert isinstance(got, (tuple, list)) and len(got) == 2, "two numbers"
        modes, share = got
        assert abs(float(share) - 0.88) < 1e-5, "the share, in three dimensions"
        assert float(modes) == wanted, f"three dimensions, min_share {min_share}"
# 2. Two centres, four sigma apart: a sample in reach of both counts for the nearer one.
for turned in (False, True):
    centers = torch.tensor([[0.0, 0.0], [4.0, 0.0], [100.0, 0.0]], dtype=torch.float64)
    x = torch.tensor([[2.5, 0.0]] * 6 + [[1.5, 0.0]] + [[50.0, 0.0]], dtype=torch.float64)
    centers = centers.flip(0) if turned else centers
    for min_share, wanted in ((0.25, 1), (0.125, 2), (0.75, 1), (0.8, 0)):
        modes, share = modes_covered(x, centers, 1.0, min_share)
        assert abs(float(share) - 0.875) < 1e-6, "the share, with close centres"
        assert float(modes) == wanted, f"close centres, min_share {min_share}"
# 3. One centre, one sample, no good sample.
one = torch.zeros(1, 2, dtype=torch.float64)
for radius, wanted in ((2.9, (1, 1.0)), (3.1, (0, 0.0))):
    got = modes_covered(about(one[0], [0.2 * radius]), one, 0.2)
    assert tuple(map(float, got)) == wanted, f"one sample, {radius} sigma from the only centre"


# %% [markdown]
# ### Exercise 8 · A code that can be read back
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
B, K = 7, 5
logits = 2 * torch.randn(B, K, generator=g, dtype=torch.float64)
code = torch.tensor([0, 1, 1, 3, 0, 1, 2])[torch.randperm(B, generator=g)]  # 4 does not come up
before = logits.clone(), code.clone()
q = logits.exp() / logits.exp().sum(1, keepdim=True)
each = torch.stack([q[i, c].log() for i, c in enumerate(code.tolist())])
got = mutual_information_bound(logits, code)
assert got is not None, "mutual_information_bound returned None: did you forget `return`?"
assert torch.is_tensor(got), "a tensor is wanted: training differentiates it, so no .item()"
assert got.numel() == 1, f"one number is wanted, got shape {tuple(got.shape)}: take the mean"
assert torch.equal(logits, before[0]) and torch.equal(code, before[1]), (
    "mutual_information_bound has changed what it was given"
)
got, wanted = got.item(), each.mean().item() + math.log(K)
seen = torch.bincount(code, minlength=K).double() / B
right = torch.stack([t for t in torch.nn.functional.one_hot(code, K).double()])
mean_q = q.mean(0)
for mistake, value in (
    ("the entropy of the code is missing: log K", each.mean()),
    ("the sign is turned: it is a bound, and training makes it large", -wanted),
    ("mean log Q is below 0 and is added; minus a cross-entropy", math.log(K) - each.mean()),
    ("the entropy is added, not taken off", each.mean() - math.log(K)),
    ("the entropy is in bits and the rest in nats", each.mean() + math.log2(K)),
    ("nats are wanted, not bits", wanted / math.log(2)),
    ("K is the number of the code's values, not of the rows", each.mean() + math.log(B)),
    ("K is the number of columns, not always 10", each.mean() + math.log(10)),
    ("K is the number of columns; not every value comes up in each batch", each.mean() + math.log(4)),
    ("H(c) belongs to how codes are drawn, uniformly; this is the entropy of this batch's codes", each.mean() - torch.xlogy(seen, seen).sum()),
    ("H(c) is the entropy of the code, log K; this is that of Q", each.mean() - (q * q.log()).sum(1).mean()),
    ("H(c) is the entropy of the code, log K; this is that of Q, averaged", each.mean() - (mean_q * mean_q.log()).sum()),
    ("is the softmax taken twice? cross_entropy takes logits", q.log_softmax(1)[range(B), code].mean() + math.log(K)),
    ("logits are no log-probabilities yet: where is the softmax?", logits[range(B), code].mean() + math.log(K)),
    ("the softmax runs over the K values of a row, not over the rows", logits.log_softmax(0)[range(B), code].mean() + math.log(K)),
    ("the logarithm is missing", each.exp().mean() + math.log(K)),
    ("the mean of the logs is wanted, not the log of the mean", each.exp().mean().log() + math.log(K)),
    ("a sum over the batch; its mean is wanted", each.sum() + math.log(K)),
    ("a sum over the batch; its mean is wanted", B * wanted),
    ("each row has its own code: logits[:, code] takes the codes of all rows", q.log()[:, code].mean() + math.log(K)),
    ("a mean over the K values too: only the entry of the code counts", each.mean() / K + math.log(K)),
    ("the bound may be below 0: leave it so", 0.0 if wanted < -1e-3 else math.nan),
    ("the share of right guesses is no bound in nats", (q.argmax(1) == code).double().mean() * math.log(K)),
    ("one softmax over the K values is wanted, not K sigmoids", (right * logsigmoid(logits) + (1 - right) * logsigmoid(-logits)).sum(1).mean() + math.log(K)),
):  # fmt: skip
    assert not abs(got - float(value)) < 1e-8, mistake
assert abs(got - wanted) < 1e-5, (
    f"with Q formed row by row it is {wanted:.6f}; got {got:.6f}. Plain labels, nothing smoothed?"
)
leaf = before[0].clone().requires_grad_()
value = mutual_information_bound(leaf, code)
assert value.requires_grad, (
    "no gradient comes back: G and Q would not learn. No .detach(), no .item()"
)
(slope,) = torch.autograd.grad(value, leaf)
assert torch.allclose(slope, (right - q) / B, rtol=1e-4, atol=1e-6), (
    "the value is right and its gradient is not: is part of it detached?"
)
sure = torch.tensor([[1000.0, 0.0, 0.0], [0.0, -1000.0, 0.0]], dtype=torch.float64)
for c, wanted in (([0, 0], -math.log(2) / 2), ([1, 1], -1000 - math.log(2) / 2)):
    got = mutual_information_bound(sure, torch.tensor(c)).item() - math.log(3)
    assert math.isfinite(got), (
        f"logits of 1000 and -1000 give {got}: the log of a probability underflows; log-softmax in one step"
    )
    assert abs(got - wanted) < 0.01, (
        f"logits {sure.tolist()} and codes {c}: wanted {wanted + math.log(3):.4f}, got "
        f"{got + math.log(3):.4f}. No epsilon, no clamp: the bound may be below 0"
    )


# %% hidden="mutual_information_bound" points=1
# Hidden check, 1 point: other K, one row, two values, float32, both tails, gradients.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for B, K, dtype in (
    (1, 4, torch.float64),
    (9, 2, torch.float64),
    (5, 12, torch.float32),
    (16, 7, torch.float32),
):
    logits = (3 * torch.randn(B, K, generator=g, dtype=dtype)).requires_grad_()
    code = torch.randint(K - 1, (B,), generator=g)  # the last value does not come up
    log_q = Categorical(logits=logits).log_prob(code)
    got = mutual_information_bound(logits, code)
    assert torch.is_tensor(got) and got.numel() == 1, "one number, a tensor"
    assert abs(got.item() - log_q.mean().item() - math.log(K)) < 1e-4, f"wrong for B={B}, K={K}"
    assert got.requires_grad, "no gradient"
    (slope,) = torch.autograd.grad(got, logits)
    (truth,) = torch.autograd.grad(log_q.mean(), logits)
    assert_close(slope, truth, rtol=1e-3, atol=1e-5, msg=f"wrong gradient for B={B}, K={K}")
    flat = mutual_information_bound(0 * logits, code).item()
    assert abs(flat) < 1e-5, "a Q that guesses at random knows nothing: 0"
    known = torch.nn.functional.one_hot(code, K).to(dtype)
    assert abs(mutual_information_bound(900 * known, code).item() - math.log(K)) < 1e-4, "log K"
    wrong = mutual_information_bound(-900 * known, code).item()
    assert abs(wrong + 900 - math.log(K) + math.log(K - 1)) < 1e-2, "sure and wrong"


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
