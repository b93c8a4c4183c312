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
# | **Points** | {points}, in six exercises |
# | **Time** | two hours for you, about half a minute for a laptop; no GPU |
#
# **How it works.** Replace each `raise NotImplementedError` by your code. Run the check cell below
# it: it prints nothing when all is well, and names the likely mistake when not. A second, hidden
# check runs when you hand in: other inputs, other shapes. To run all visible checks at once, type
# `make check NOTEBOOK=09`, or `python -m course check 09` in JupyterLab's own terminal.

# %% given="setup"
import math
from collections.abc import Callable
from functools import partial

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.testing import assert_close

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
# ### Exercise 1 · The Fréchet distance
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
SEED = 0
g = torch.Generator().manual_seed(SEED)


def root(c):
    u, s, _ = torch.linalg.svd(c)
    return u * s.sqrt() @ u.T


for B, F, d in ((7, 12, 3), (10, 6, 2), (9, 9, 4)):
    mix = torch.randn(2, d, d, generator=g, dtype=torch.float64)
    real = torch.randn(B, d, generator=g, dtype=torch.float64) @ mix[0] + 1
    fake = 1.5 * torch.randn(F, d, generator=g, dtype=torch.float64) @ mix[1]
    shift = real.mean(0) - fake.mean(0)
    gap = (shift**2).sum()
    x, y = real - real.mean(0), fake - fake.mean(0)
    m1, m2 = x.T @ x, y.T @ y
    s1, s2 = m1 / (B - 1), m2 / (F - 1)

    def cross(a, b):
        """The trace of the root, by singular values."""
        return torch.linalg.svdvals(root(a) @ root(b)).sum()

    both = (s1 + s2).trace()
    wanted = float(gap + both - 2 * cross(s1, s2))
    before = real.clone(), fake.clone()
    try:
        got = frechet_distance(real, fake)
    except RuntimeError as problem:
        raise AssertionError(
            f"{problem}. Covariances of the {d} columns are wanted, {d} by {d}: did you transpose?"
        ) from None
    assert got is not None, "frechet_distance returned None: did you forget `return`?"
    assert torch.equal(real, before[0]) and torch.equal(fake, before[1]), (
        "frechet_distance has changed the features that it was given"
    )
    got = torch.as_tensor(got)
    assert got.numel() == 1, f"one number is wanted, got shape {tuple(got.shape)}"
    assert not got.is_complex(), "a complex number came back: the root is real, so take .real"
    got = float(got)
    if not abs(got - wanted) < 1e-5 * wanted:
        r1, r2 = m1 / B, m2 / F
        raw1, raw2 = real.T @ real / (B - 1), fake.T @ fake / (F - 1)
        entry = (s1 @ s2).abs().sqrt()
        lower = torch.linalg.cholesky(s1 + 1e-12 * torch.eye(d))
        d1, d2 = s1.diagonal(), s2.diagonal()
        pair = torch.linalg.eigvalsh(s1).clamp(min=0) * torch.linalg.eigvalsh(s2).clamp(min=0)
        c1, c2 = (torch.corrcoef(f.T) for f in (real, fake))
        seen = torch.linalg.eigvals(lower @ s2 @ lower).real.clamp(min=0).sqrt().sum()
        for mistake, value in (
            ("the covariance divides by one less than the number of rows", gap + (r1 + r2).trace() - 2 * cross(r1, r2)),
            ("the covariance divides by one less than the number of rows, for both sets", gap + (r1 + s2).trace() - 2 * cross(r1, s2)),
            ("the covariance divides by one less than the number of rows, for both sets", gap + (s1 + r2).trace() - 2 * cross(s1, r2)),
            ("this is the root of each entry; the root of a matrix needs its eigenvalues", gap + both - 2 * entry.trace()),
            ("this is the root of each entry; the root of a matrix needs its eigenvalues", gap + both - 2 * (s1.abs().sqrt() @ s2.abs().sqrt()).trace()),
            ("this is the root of each entry; the root of a matrix needs its eigenvalues", gap + both - 2 * (s1.abs().sqrt() @ s2 @ s1.abs().sqrt()).abs().sqrt().trace()),
            ("the length of the gap comes squared", gap.sqrt() + both - 2 * cross(s1, s2)),
            ("the length of the gap comes squared: no absolute differences", shift.abs().sum() + both - 2 * cross(s1, s2)),
            ("the gap is a sum over the columns, not a mean", gap / d + both - 2 * cross(s1, s2)),
            ("the gap between the means is missing", both - 2 * cross(s1, s2)),
            ("the last trace comes twice", gap + both - cross(s1, s2)),
            ("the last trace is taken off, not added", gap + both + 2 * cross(s1, s2)),
            ("the last trace is missing", gap + both),
            ("the product of two roots is not the root of the product: C_1^(1/2) C_2 C_1^(1/2) has one more root over it", gap + both - 2 * (root(s1) @ root(s2)).trace()),
            ("only the variances of the columns are in it; covariances matter", gap + (d1.sqrt() - d2.sqrt()).square().sum()),
            ("only the variances are in the last trace; covariances matter", gap + both - 2 * (d1 * d2).sqrt().sum()),
            ("eigenvalues of the two were paired; the eigenvectors do not agree, so take them of the product", gap + both - 2 * pair.sqrt().sum()),
            ("this is the root of what is wanted: the squared distance comes back", math.sqrt(wanted)),
            ("the last trace has no root in it", gap + both - 2 * (s1 @ s2).trace()),
            ("this is the squared difference of the covariances; see the formula", gap + (s1 - s2).square().sum()),
            ("a trace is the sum of the diagonal alone", gap + (s1 + s2).sum() - 2 * cross(s1, s2)),
            ("this is the distance of the means alone", gap),
            ("the means are to be taken off before the covariance is formed", gap + (raw1 + raw2).trace() - 2 * cross(raw1, raw2)),
            ("these are correlations; covariances are wanted", gap + (c1 + c2).trace() - 2 * cross(c1, c2)),
            ("Cholesky's factor is not symmetric: take the root from the eigenvalues", gap + both - 2 * seen),
            ("a sum over the columns; it is not divided by their number", wanted / d),
        ):  # fmt: skip
            assert not abs(got - float(value)) < 1e-5 * wanted, mistake
        assert got == got, "this is no number (nan): is there a root of something below 0?"
        raise AssertionError(
            f"{B} and {F} rows of {d} columns: wanted {wanted:.5f} = {gap:.5f} + {s1.trace():.5f} + "
            f"{s2.trace():.5f} - 2 * {cross(s1, s2):.5f}, got {got:.5f}"
        )
few = torch.randn(30, 2, generator=g, dtype=torch.float64)
wide = few @ torch.randn(
    2, 12, generator=g, dtype=torch.float64
)  # twelve columns, two alone are free
got = frechet_distance(wide, wide + 1)
assert got == got, "columns that depend on each other give nan: lift eigenvalues of -1e-17 to 0"
assert abs(float(got) - 12) < 1e-3, (
    f"a set moved by 1 along 12 columns: the distance is 12, got {float(got):.5f}"
)


# %% hidden="frechet_distance" points=2
# Hidden check, 2 points: few columns, many columns, float32, columns that depend on each other or are 0,
# the same set twice.
SEED = 0
g = torch.Generator().manual_seed(SEED)


def oracle(real, fake):
    x, y = ((f - f.mean(0)).double() / math.sqrt(len(f) - 1) for f in (real, fake))
    cross = torch.linalg.svdvals(x @ y.T).sum()
    gap = (real.double().mean(0) - fake.double().mean(0)).square().sum()
    return float(gap + x.square().sum() + y.square().sum() - 2 * cross)


for B, F, d, dtype, loose in (
    (5, 8, 2, torch.float64, 1e-6),
    (40, 30, 12, torch.float64, 1e-6),
    (40, 90, 6, torch.float32, 3e-3),
):
    real = torch.randn(B, d, generator=g, dtype=torch.float64)
    fake = (
        torch.rand(F, d, generator=g, dtype=torch.float64) @ torch.randn(d, d, generator=g).double()
    )
    real, fake = real.to(dtype), (3 * fake).to(dtype)
    got, wanted = frechet_distance(real, fake), oracle(real, fake)
    assert got is not None and torch.as_tensor(got).numel() == 1, "one number"
    assert not torch.as_tensor(got).is_complex(), "a real number"
    assert abs(float(got) - wanted) < loose * max(1, wanted), f"{B} and {F} rows, {d} columns"
for rank, d in ((3, 12), (2, 8)):
    real, fake = (
        torch.randn(n, rank, generator=g, dtype=torch.float64)
        @ torch.randn(rank, d, generator=g, dtype=torch.float64)
        for n in (15, 18)
    )
    real[:, 0] = fake[:, 0] = 0
    for a, b in ((real, fake), (real, real), (fake, fake + 1)):
        got, wanted = frechet_distance(a, b), oracle(a, b)
        assert got is not None and abs(float(got) - wanted) < 1e-3 * float(a.var(0).sum()), (
            "columns that depend on each other"
        )

# %% [markdown]
# ### Exercise 2 · Precision and recall
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
SEED = 0
g = torch.Generator().manual_seed(SEED)


def apart(a, b, power=2):
    return (a[:, None] - b).abs().pow(power).sum(2).pow(1 / power)


def share_in(points, centers, reach, power=2):
    return (apart(points, centers, power) <= reach).any(1).double().mean()


for k in (2, 1, 4, 2):
    real = torch.randn(40, 2, generator=g, dtype=torch.float64)
    fake = torch.randn(50, 2, generator=g, dtype=torch.float64)
    real[:15] = 0.4 * real[:15] + 5  # a part that the samples hardly see
    fake[:5] += 5
    fake[5:] *= 1.6
    near = {
        n: [apart(f, f).sort(1).values[:, n] for f in (real, fake)] for n in (k - 1, k, k + 1, 3)
    }

    def both(reach, power=2):
        return share_in(fake, real, reach[0], power), share_in(real, fake, reach[1], power)

    wanted = tuple(float(v) for v in both(near[k]))
    before = real.clone(), fake.clone()
    got = precision_recall(real, fake, k)
    assert got is not None, "precision_recall returned None: did you forget `return`?"
    assert torch.equal(real, before[0]) and torch.equal(fake, before[1]), (
        "precision_recall has changed the features that it was given"
    )
    try:
        precision, recall = (float(v) for v in got)
    except (TypeError, ValueError, RuntimeError):
        raise AssertionError(f"two numbers are wanted, precision and recall, got {got}") from None

    def same(a, b):
        return all(abs(float(v) - float(w)) < 1e-6 for v, w in zip(a, b))

    if not same((precision, recall), wanted):
        table, turned = apart(fake, real), apart(real, fake)
        r, s = near[k]
        closest, closest2 = table.min(1), table.min(0)
        squares, mean_k = (
            [q**2 for q in (r, s)],
            [apart(f, f).sort(1).values[:, 1 : k + 1].mean(1) for f in (real, fake)],
        )
        one = apart(real, real, 1).sort(1).values[:, k], apart(fake, fake, 1).sort(1).values[:, k]
        for mistake, value in (
            ("recall comes first; precision is wanted first", wanted[::-1]),
            ("each row counts as its own neighbour: its distance to itself, 0, is to be passed over", both(near[k - 1])),
            ("this is the neighbour after the k-th", both(near[k + 1])),
            ("k is an argument; this is the third neighbour", both(near[3])),
            ("a point may lie in any ball, not only in that of its nearest centre", ((closest.values <= r[closest.indices]).double().mean(), (closest2.values <= s[closest2.indices]).double().mean())),
            ("the balls are those of the other set: for precision, of the data", ((closest.values <= s).double().mean(), (closest2.values <= r).double().mean())),
            ("each row has a radius of its own; this is the mean one for all", both((r.mean(), s.mean()))),
            ("each row has a radius of its own; this is the median one for all", both((r.median(), s.median()))),
            ("the radius is the distance of the k-th neighbour, not the mean over k of them", both(mean_k)),
            ("recall needs balls round the samples; how many balls of the data hold a sample is called coverage", (wanted[0], (table <= r).any(0).double().mean())),
            ("a sample in many balls counts once; counting them all is called density", ((table <= r).double().sum(1).mean() / k, wanted[1])),
            ("recall asks for the data in the balls of the samples", (wanted[0], 1.0)),
            ("distances and radii: one is squared, the other is not", both((r.sqrt(), s.sqrt()))),
            ("distances and radii: one is squared, the other is not", both(squares)),
            ("the radius is the whole distance of the k-th neighbour, not half of it", both((r / 2, s / 2))),
            ("Euclidean distances are wanted, not sums of absolute differences", both(one, 1)),
            ("these are numbers of rows; shares are wanted", (wanted[0] * 50, wanted[1] * 40)),
            ("these are percent; shares from 0 to 1 are wanted", (wanted[0] * 100, wanted[1] * 100)),
            ("one ball is enough: any, not all", ((table <= r).all(1).double().mean(), (turned <= s).all(1).double().mean())),
            ("any goes along the wrong axis: a point is in if one of the balls holds it", ((table <= r).any(0).double().mean(), (turned <= s).any(0).double().mean())),
            ("this is the share of the pairs; a point is in if one of the balls holds it", ((table <= r).double().mean(), (turned <= s).double().mean())),
            ("this is the share outside the balls", (1 - wanted[0], 1 - wanted[1])),
            ("precision is a share of the samples, recall a share of the data: each divides by its own number", (wanted[0] * 50 / 40, wanted[1])),
            ("recall stands in its own right; this is the harmonic mean of the two", (wanted[0], 2 * wanted[0] * wanted[1] / sum(wanted))),
        ):  # fmt: skip
            assert same(value, wanted) or not same((precision, recall), value), mistake
        raise AssertionError(
            f"k = {k}, 40 rows of data, 50 samples: wanted {wanted[0] * 50:.0f}/50 and {wanted[1] * 40:.0f}/40, "
            f"got {precision:.4f} and {recall:.4f}"
        )


# %% hidden="precision_recall" points=2
# Hidden check, 2 points: one column and many, other numbers of rows and neighbours, k + 1 rows, float32,
# sets far apart, the same set twice, rows that come twice, the default k.
SEED = 0
g = torch.Generator().manual_seed(SEED)


def oracle(real, fake, k):
    found = []
    for points, centers in ((fake, real), (real, fake)):
        own = (centers[:, None] - centers).double().norm(dim=2)
        own.fill_diagonal_(math.inf)
        radius = own.sort(1).values[:, k - 1]
        gap = (points[:, None] - centers).double().norm(dim=2)
        found.append(float((gap <= radius).any(1).double().mean()))
    return found


for B, F, d, k, dtype in (
    (93, 141, 2, 1, torch.float64),
    (151, 64, 1, 2, torch.float64),
    (117, 123, 5, 5, torch.float64),
    (61, 113, 3, 8, torch.float32),
    (103, 82, 3, None, torch.float64),
):
    real = torch.randn(B, d, generator=g, dtype=torch.float64).to(dtype)
    fake = (1.4 * torch.randn(F, d, generator=g, dtype=torch.float64) + 0.5).to(dtype)
    real[: B // 3] += 4
    wanted = oracle(real, fake, 3 if k is None else k)
    got = precision_recall(real, fake) if k is None else precision_recall(real, fake, k)
    assert got is not None and torch.as_tensor(got).numel() == 2, "two numbers"
    for value, truth, n in zip(got, wanted, (F, B)):
        limit = 1.5 / n if dtype == torch.float32 else 1e-6  # a point on an edge, rounded
        assert abs(float(value) - truth) < limit, f"{B} and {F} rows of {d} columns, k = {k}"
cases = [(1, 4, 33), (1, 33, 4)] * 10 + [(2, 25, 41)] * 3  # copies are neighbours
for copies, rows, others in cases:
    real = torch.randn(rows, 3, generator=g, dtype=torch.float64).repeat(copies, 1)
    fake = torch.randn(others, 3, generator=g, dtype=torch.float64)
    got, wanted = precision_recall(real, fake, 3), oracle(real, fake, 3)
    assert all(abs(float(v) - w) < 1e-6 for v, w in zip(got, wanted)), (
        f"k = 3, {rows * copies} rows, each {copies} times, and {others}"
    )
x = torch.randn(30, 4, generator=g, dtype=torch.float64)
for other, wanted in ((x, 1.0), (x + 1000, 0.0)):
    got = precision_recall(x, other, 2)
    assert [float(v) for v in got] == [wanted, wanted], "the same set, or one far away"

# %% [markdown]
# ### Exercise 3 · How many classes?
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
SEED = 0
g = torch.Generator().manual_seed(SEED)


def opinions(counts):
    """Rows of probabilities: counts[k] times class k is the most likely; some are unsure."""
    kinds = torch.cat([torch.full((n,), k) for k, n in enumerate(counts)])
    kinds = kinds[torch.randperm(len(kinds), generator=g)]
    p = torch.rand(len(kinds), len(counts), generator=g, dtype=torch.float64)
    p[torch.arange(len(kinds)), kinds] += 1 + 4 * torch.rand(len(kinds), generator=g)
    return p / p.sum(1, keepdim=True), kinds


def worth(s, base=math.e):
    s = s[s > 0]
    return float(base ** -(s * s.log()).sum())


extra = torch.randint(0, 3, (2,), generator=g).tolist()
first = [64 - sum(extra), 32 + extra[0], 16, 8, 4 + extra[1], 3, 1, 0]  # 128 in all
for counts, least in (
    (first, 1 / 16),
    (first[::-1], 1 / 8),
    ([40, 0, 19, 1, 0, 0, 2, 1, 0, 0, 0, 1], 1 / 64),
):
    p, kinds = opinions(counts)
    n, before = len(p), p.clone()
    s = torch.tensor(counts, dtype=torch.float64) / n
    count, effective = int((s >= least).sum()), worth(s)
    said = f"samples of each class {counts}, min_share = 1/{1 / least:.0f}"
    got = classes_covered(p, least)
    assert got is not None, "classes_covered returned None: did you forget `return`?"
    assert torch.equal(p, before), "classes_covered has changed the probabilities it was given"
    try:
        covered, number = (float(v) for v in got)
    except (TypeError, ValueError, RuntimeError):
        raise AssertionError(
            f"two numbers are wanted: the count, and the effective number; got {got}"
        ) from None
    assert not (abs(covered - effective) < 1e-6 and abs(number - count) < 1e-6), (
        "the count comes first, then the effective number"
    )
    soft, each = p.mean(0), torch.special.entr(p).sum(1)
    for mistake, value in (
        ("at least min_share: exactly as many are enough, and every sample counts, an unsure one too", (s > least).sum()),
        ("one sample is not enough: the share has to be min_share", (s > 0).sum()),
        ("min_share is an argument; this is the count for 0.01", (s >= 0.01).sum()),
        ("how many classes, not which share of them", count / len(counts)),
        ("a sample counts for one class, its most likely: no mean of the probabilities, no threshold for them", (p >= least).any(0).sum()),
        ("a share of all samples, not of the largest class", (s >= least * s.max()).sum()),
        ("the class of each sample is the most likely in its row; here a sample was found for each column", (torch.bincount(p.argmax(0), minlength=n) / n >= least).sum()),
        ("a sample counts for one class, its most likely: no mean of the probabilities, no threshold for them", (soft >= least).sum()),
    ):  # fmt: skip
        assert int(value) == count or abs(covered - float(value)) > 1e-9, f"{said}: {mistake}"
    assert covered == count, f"{said}: {count} classes are covered, got {covered:g}"
    assert number == number, f"{said}: the effective number is nan. 0 log 0 is 0 here"
    if abs(number - effective) > 1e-5:
        entropy, some = math.log(effective), s[s >= least]
        for mistake, value in (
            ("this is the entropy; its exponential is wanted", entropy),
            ("the minus is missing", 1 / effective),
            ("the logarithm is to the base 2 and the exponential to the base e", math.exp(entropy / math.log(2))),
            ("this is one over the sum of the squared shares; the entropy is wanted", 1 / float((s**2).sum())),
            ("this is the entropy as a share of the largest one; exp of it is wanted", entropy / math.log(len(s))),
            ("each sample is of one class, the most likely: no mean of the probabilities", worth(soft)),
            ("rare classes count too, min_share has no say in the effective number", worth(some)),
            ("rare classes count too, min_share has no say in the effective number", worth(some / some.sum())),
            ("this tells how unsure the classifier is of each sample; the shares of the classes are wanted", float(each.exp().mean())),
            ("this tells how unsure the classifier is of each sample; the shares of the classes are wanted", float(each.mean().exp())),
            ("a sum over the classes, not a mean", math.exp(entropy / len(s))),
            ("a sum over the classes, not a mean", math.exp(entropy / int((s > 0).sum()))),
            ("nothing is added to the counts: 0 log 0 is 0", worth((s * n + 1) / (n + len(s)))),
            ("it is no whole number", round(effective)),
        ):  # fmt: skip
            assert abs(value - effective) < 1e-5 or abs(number - value) > 1e-5, f"{said}: {mistake}"
        raise AssertionError(f"{said}: the effective number is {effective:.4f}, got {number:.4f}")


# %% hidden="classes_covered" points=1
# Hidden check, 1 point: other numbers of classes, a single one, one sample, float32, the default share.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for K, n, dtype in ((2, 25, torch.float32), (25, 400, torch.float64), (12, 1000, torch.float32)):
    weights = torch.rand(K, generator=g) ** 4 + 0.001
    kinds = torch.multinomial(weights, n, replacement=True, generator=g)
    p = torch.rand(n, K, generator=g)
    p[torch.arange(n), kinds] += 1.05
    p = (p / p.sum(1, keepdim=True)).to(dtype)
    s = torch.bincount(kinds, minlength=K).double() / n
    effective = float(torch.special.entr(s).sum().exp())
    for half in (3.5, 10.5):  # between two counts, so that rounding has no say
        got = classes_covered(p, half / n)
        assert got is not None and torch.as_tensor(got).numel() == 2, "two numbers"
        assert float(got[0]) == int((s * n > half).sum()), f"{K} classes, {n} samples: the count"
        assert abs(float(got[1]) - effective) < 1e-3, f"{K} classes, {n} samples"
for n, K in ((1, 3), (7, 4), (5, 1)):
    p = nn.functional.one_hot(torch.full((n,), K - 1), K).double()
    covered, number = classes_covered(p)
    assert float(covered) == 1 and abs(float(number) - 1) < 1e-6, "one class alone"
p = nn.functional.one_hot(torch.arange(1000).clamp(min=991) - 991, 9).float()
covered, number = classes_covered(p)
assert float(covered) == 1, "the default share is 0.01"

# %% [markdown]
# ## Part B · Numbers
#
# ### Exercise 4 · Bits per dimension
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
for bits, size in ((8.0, 192), (1 + 3 * float(torch.rand(1, generator=g)), 3072), (-1.3, 48)):
    nats = math.log(2**bits) * size
    got = bits_per_dim(nats, size)
    assert got is not None, "bits_per_dim returned None: did you forget `return`?"
    got = float(got)
    said = f"{nats:.4g} nats in {size} dimensions are {bits:.4g} bits per dimension"
    if abs(got - bits) > 1e-4:
        unit = math.log(2)
        for mistake, value in (
            ("a density may be above 1, and then its bits are below 0", abs(bits)),
            ("a density may be above 1, and then its bits are below 0", max(0.0, bits)),
            ("these are nats per dimension; one bit is log 2 nats", nats / size),
            ("one bit is log 2 = 0.69 nats, so there are more bits than nats: divide", nats * unit / size),
            ("these are the bits of the whole image: a mean over the dimensions, not a sum", nats / unit),
            ("nats is minus the log-likelihood already: no sign, no logarithm", -bits),
            ("bits have base 2, this is base 10", nats / math.log(10) / size),
            ("bits have base 2, this is base 256", nats / math.log(256) / size),
            ("nothing is added: nats belongs to the quantised data", bits + 8),
            ("nothing is saved up to 8: nats belongs to the quantised data", 8 - bits),
            ("log(2) times D, not the logarithm of 2 D", nats / math.log(2 * size)),
            ("divide by D, the number of dimensions, not by its root", nats / unit / math.sqrt(size)),
            ("divide by D, the number of dimensions, not by its root", nats / unit / math.isqrt(size)),
            ("divide by D, the number of dimensions", nats / unit * size),
            ("divide by the logarithm of 2, not by 2", nats / size / 2),
            ("dim is an argument", nats / unit / 784),
            ("no exponential: bits, not 2 to their power", 2**bits),
            ("no rounding", round(bits, 1)),
            ("no rounding: / divides, // rounds down", bits // 1),
        ):  # fmt: skip
            assert abs(value - bits) < 1e-4 or abs(got - value) > 1e-4, f"{said}: {mistake}"
        assert math.isfinite(got), (
            f"{said}, got {got}: exp of minus thousands is 0. Stay with logarithms"
        )
        raise AssertionError(f"{said}, got {got:.4g}")


# %% hidden="bits_per_dim" points=1
# Hidden check, 1 point: other sizes, one dimension, likelihoods beyond what exp can hold.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for size in (1, 2, 64, 784, 150528):
    bits = 9 * float(torch.rand(1, generator=g)) - 1
    for sign in (1, -1):
        got = bits_per_dim(sign * bits * size / math.log2(math.e), size)
        assert got is not None and abs(float(got) - sign * bits) < 1e-4, f"{size} dimensions"

# %% [markdown]
# ### Exercise 5 · An interval for any number
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED + 55)
n, draws, level = 12, 160, 0.8
values = torch.rand(n, generator=g, dtype=torch.float64).mul(3).exp()  # a long tail to the right
before, state = values.clone(), torch.get_rng_state()
kept, results = [], []


def statistic(row):
    """A number that no other draw has, and that is no mean; keeps what it is shown."""
    row = torch.as_tensor(row)
    kept.append(row.detach().clone())
    results.append(float(row.mean() + row.amax()))
    return torch.tensor(results[-1], dtype=torch.float64)


def run(seed, *rest, **options):
    found = bootstrap_interval(
        values, *rest, generator=torch.Generator().manual_seed(seed), **options
    )
    assert found is not None, "bootstrap_interval returned None: did you forget `return`?"
    try:
        low, high = (float(v) for v in found)
    except (TypeError, ValueError, RuntimeError):
        raise AssertionError(f"two numbers are wanted, got {found}") from None
    assert torch.equal(values, before), "bootstrap_interval has changed the values it was given"
    return low, high


low, high = run(SEED + 1, level, draws, statistic=statistic)
assert torch.equal(torch.get_rng_state(), state), (
    "the global random state has changed: draw from generator, and set no seed"
)
assert kept, "statistic is an argument, and was never called"
sizes = {tuple(row.shape) for row in kept}
assert sizes == {(n,)}, f"each draw has as many values as there are, shape ({n},); got {sizes}"
if len(kept) > draws + 2:
    raise AssertionError(f"draws is {draws}, but statistic was called {len(kept)} times")
table = torch.stack(kept)
assert torch.isin(table, values).all(), (
    "statistic was shown numbers that are not among the values: new ones, or in another dtype"
)
assert len(kept) >= draws, f"draws is {draws}, but statistic was called {len(kept)} times"
assert not (table.sort(1).values == values.sort().values).all(1).float().mean() > 0.5, (
    "each draw holds every value once: draw with replacement"
)
assert (table[1:] != table[:-1]).any(), "all draws are the same: draw anew each time"
often = (table[:, :, None] == values).double().mean((0, 1))  # how often each value was drawn
never = [k for k in range(n) if often[k] == 0]
assert len(never) != 1, (
    f"the value at place {never[0]} of {n} is never drawn: does randint stop too early?"
)
chance = math.sqrt((1 - 1 / n) / (n * draws * n))
assert ((often - 1 / n).abs() < 6 * chance).all(), (
    f"each value should come in a share of 1/{n} of the places, got {often.min():.3f} to {often.max():.3f}. "
    "Is each draw made from the values, and not from another draw?"
)
found = torch.tensor(results, dtype=torch.float64).sort().values
tail = 0.5 - level / 2


def between(value, q):
    """Whether a value is a q-quantile of what was found, by any rule of rounding."""
    place = q * (len(found) - 1)
    bottom, top = max(0, math.floor(place) - 2), min(len(found) - 1, math.ceil(place) + 2)
    return found[bottom] - 1e-6 <= value <= found[top] + 1e-6


if not (between(low, tail) and between(high, 1 - tail)):
    whole = float(before.mean() + before.amax())
    for mistake, (bottom, top) in (
        ("the upper bound comes first; the lower one is wanted first", (1 - tail, tail)),
        ("what is left out is shared by both ends: (1 - level) / 2 at each", (1 - level, level)),
        ("something is left out at both ends, not only at the top", (0, level)),
        ("something is left out at both ends, not only at the bottom", (1 - level, 1)),
        ("level is an argument; this is the interval for 0.95", (0.025, 0.975)),
        ("level is the share that lies within; here it is left out", (level / 2, 1 - level / 2)),
        ("nothing is left out: these are the extremes", (0, 1)),
    ):
        assert not (between(low, bottom) and between(high, top)), mistake
    assert not (between(2 * whole - high, tail) and between(2 * whole - low, 1 - tail)), (
        "the interval is turned round at the statistic of all values: return the quantiles themselves"
    )
    assert not (between(low + high, 1 - tail) and between(low - high, tail)), (
        "this is the centre and the half width; the two bounds are wanted"
    )
    a, b = (float(found.quantile(q)) for q in (tail, 1 - tail))
    raise AssertionError(
        f"of what statistic returned, the quantiles at {tail:.3g} and {1 - tail:.3g} are {a:.4f} and {b:.4f}; "
        f"got {low:.4f} and {high:.4f}"
    )
same, other = run(SEED + 1, level, draws), run(SEED + 1, level, draws)
assert same == other, "the same generator should give the same interval: draw from generator alone"
found = {run(SEED + s, level, draws) for s in range(4)}
assert len(found) > 1, "another generator gave the same interval: is a seed set inside?"


# %% hidden="bootstrap_interval" points=2
# Hidden check, 2 points: the mean as default against a long bootstrap, other levels, sizes and
# statistics, float32, no generator, the share of the draws outside either bound.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, level, draws, dtype in (
    (15, None, None, torch.float64),
    (8, 0.5, 1000, torch.float32),
    (40, 0.9, 1500, torch.float64),
):
    values = torch.randn(n, generator=g, dtype=torch.float64).exp().to(dtype)
    options = {} if level is None else {"level": level, "draws": draws}
    level, draws = level or 0.95, draws or 2000
    got = bootstrap_interval(values, generator=torch.Generator().manual_seed(SEED + n), **options)
    assert got is not None and torch.as_tensor(got).numel() == 2, "two numbers"
    low, high = (float(v) for v in got)
    means = values.double()[torch.randint(n, (100_000, n), generator=g)].mean(1)
    tail = 0.5 - level / 2
    slack = 6 * math.sqrt(tail * (1 - tail) * (1 / draws + 1 / 100_000)) + 3 / draws
    below = (means < low - 1e-6).double().mean(), (means <= low + 1e-6).double().mean()
    above = (means > high + 1e-6).double().mean(), (means >= high - 1e-6).double().mean()
    for few, many in (below, above):
        assert few - slack < tail < many + slack, f"{n} values, level {level}: the share outside"
# What there is of a statistic's draws, counted
count = []


def last(row):
    count.append(sorted(torch.as_tensor(row).tolist()))
    return torch.as_tensor(row).amin() * 1.0


values = torch.tensor([5.0, 2.0, 9.0])
low, high = bootstrap_interval(values, 0.9, 200, torch.Generator().manual_seed(SEED), last)
assert 200 <= len(count) <= 202, "as many draws as asked for"
assert all(len(row) == 3 for row in count), "as many values as there are"
assert {v for row in count for v in row} <= {2.0, 5.0, 9.0}, "values that are none"
lows = sorted(row[0] for row in count)
assert lows[5] <= float(low) <= lows[15] and lows[184] <= float(high) <= lows[-1], "level 0.9"
assert sum(row[0] == row[2] for row in count) > 1, "with replacement: all three may be the same"
low, high = bootstrap_interval(values, draws=50)  # without a generator: torch's own randomness
assert 2 <= float(low) <= float(high) <= 9, "no generator"

# %% [markdown]
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
# ### Exercise 6 · The affine coupling
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
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)


def close(a, b):
    return a.shape == b.shape and torch.allclose(a, b, rtol=1e-5, atol=1e-7)


for dim, hidden, first in ((4, 6, False), (2, 5, True), (2, 5, False), (5, 7, True), (5, 4, False)):
    layer = AffineCoupling(dim, hidden, first).double()
    weights = []
    with torch.no_grad():
        for weight in layer.parameters():
            weights.append(weight.copy_(0.7 * torch.randn(weight.shape, generator=g)))
    half = dim // 2
    stays = torch.arange(dim) < half if first else torch.arange(dim) >= half

    def amounts(a, weights=weights):
        for w, b in zip(weights[::2], weights[1::2]):
            a = nn.functional.linear(a.relu() if w is not weights[0] else a, w, b)
        s, t = a.chunk(2, 1)
        return 2 * torch.tanh(s / 2), t, s

    with torch.no_grad():
        x = torch.randn(3, dim, generator=g, dtype=torch.float64)
        before = x.clone()
        s, t, raw = amounts(x[:, stays])
        said = f"{dim} columns, first={first}"
        got = layer(x)
        assert torch.equal(x, before), "forward has changed the x it was given"
        assert got is not None, "forward returned None: did you forget `return`?"
        assert isinstance(got, (tuple, list)) and len(got) == 2, (
            "forward gives two tensors: z, and the log-determinant of each row"
        )
        z, log_det = got
        assert torch.is_tensor(z) and torch.is_tensor(log_det), "forward gives two tensors"
        assert z.dtype == log_det.dtype == x.dtype, (
            f"x is {x.dtype}, z {z.dtype} and the log-determinant {log_det.dtype}: keep the dtype"
        )
        if z.shape != x.shape:
            assert log_det.shape != x.shape, "z comes first, then the log-determinant"
            raise AssertionError(
                f"{said}: z has the shape of x, {tuple(x.shape)}, got {tuple(z.shape)}. Join both halves"
            )

        def whole(changed, kept=x[:, stays]):
            out = torch.empty_like(x)
            out[:, stays], out[:, ~stays] = kept, changed
            return out

        b = x[:, ~stays]
        true = whole(b * s.exp() + t)
        if not close(z, true):
            mistakes = [
                ("stretch first, then move", whole((b + t) * s.exp())),
                ("the factor is exp(s), which is above 0", whole(b * s + t)),
                ("the factor is exp(s), not 1 + s", whole(b * (1 + s) + t)),
                ("this is the way back: forward multiplies with exp(s) and adds t", whole((b - t) * (-s).exp())),
                ("s comes first from scale_and_shift, then t", whole(b * t.exp() + s)),
                ("the shift t is missing", whole(b * s.exp())),
                ("the stretching is missing", whole(b + t)),
                ("t is added, not taken off", whole(b * s.exp() - t)),
                ("take s from scale_and_shift, which keeps it within bounds", whole(b * raw.exp() + t)),
                ("the half that stays is lost", whole(b * s.exp() + t, 0.0)),
                ("the halves stand in each other's places: join puts them where they belong", torch.cat([true[:, ~stays], true[:, stays]], 1)),
                ("the halves stand in each other's places: join puts them where they belong", torch.cat([true[:, stays], true[:, ~stays]], 1)),
            ]  # fmt: skip
            if b.shape == x[:, stays].shape:
                s2, t2, _ = amounts(b)
                mistakes += [
                    ("the network reads the half that stays, not the one that is changed", whole(b * s2.exp() + t2)),
                    ("cut with split: it knows which half stays", torch.cat([x[:, :half], x[:, half:] * amounts(x[:, :half])[0].exp() + amounts(x[:, :half])[1]], 1)),
                    ("cut with split: it knows which half stays", torch.cat([x[:, half:] * amounts(x[:, :half])[0].exp() + amounts(x[:, :half])[1], x[:, :half]], 1)),
                ]  # fmt: skip
            for mistake, value in mistakes:
                assert close(value, true) or not close(z, value), f"{said}: {mistake}"
            raise AssertionError(f"{said}: z[0] should be {true[0].tolist()}, got {z[0].tolist()}")
        total = s.sum(1)
        assert log_det.shape != (), (
            f"{said}: a log-determinant for each row, shape (3,), not one for all"
        )
        if not close(log_det, total):
            for mistake, value in (
                ("a row has one log-determinant: sum over its columns", s),
                ("the shape is (B,), without an axis of length 1", total[:, None]),
                ("sum over the columns, not over the batch", s.sum(0)),
                ("a sum over the columns, not a mean: the determinant is a product", s.mean(1)),
                ("the sign is turned: this is the inverse's", -total),
                ("this is the determinant; its logarithm is wanted", total.exp()),
                ("the logarithm of a product is the sum of the logarithms, and these are s", s.exp().sum(1)),
                ("the shift does not stretch: t has no part in it", (s + t).sum(1)),
                ("all columns that are changed count, not only the first", s[:, 0]),
                ("s is the logarithm of the factor, no log-variance: no half", total / 2),
                ("s is a logarithm already", s.abs().log().sum(1)),
                ("volume does change: the log-determinant is the sum of s", 0 * total),
                ("s comes first from scale_and_shift, then t", t.sum(1)),
                ("take s from scale_and_shift, which keeps it within bounds", raw.sum(1)),
            ):  # fmt: skip
                assert close(value, total) or not close(log_det, value), f"{said}: {mistake}"
            raise AssertionError(
                f"{said}: the log-determinants should be {total.tolist()}, got {log_det.tolist()}"
            )
        handed = true.clone()
        back = layer.inverse(handed)
        assert torch.equal(handed, true), "inverse has changed the z it was given"
        assert back is not None, "inverse returned None: did you forget `return`?"
        assert torch.is_tensor(back), "inverse gives one tensor, x"
        assert back.shape == x.shape, (
            f"{said}: inverse gives {tuple(x.shape)}, got {tuple(back.shape)}"
        )
        if not close(back, x):
            c = true[:, ~stays]
            for mistake, value in (
                ("undo the last step first: take t off, then shrink", whole(c / s.exp() - t)),
                ("t was added, so it is taken off", whole((c + t) / s.exp())),
                ("it was stretched by exp(s), so it is divided by exp(s)", whole((c - t) * s.exp())),
                ("this is forward once more", whole(c * s.exp() + t)),
                ("divide by exp(s), not by s", whole((c - t) / s)),
                ("the shift is still in it", whole(c / s.exp())),
                ("this is z itself", true),
                ("the halves stand in each other's places: join puts them where they belong", torch.cat([x[:, ~stays], x[:, stays]], 1)),
                ("the halves stand in each other's places: join puts them where they belong", torch.cat([x[:, stays], x[:, ~stays]], 1)),
            ):  # fmt: skip
                assert close(value, x) or not close(back, value), f"{said}: inverse: {mistake}"
            raise AssertionError(
                f"{said}: inverse should give {x[0].tolist()}, got {back[0].tolist()}"
            )
got = layer(torch.randn(3, dim, generator=g, dtype=torch.float64))
assert all(part.requires_grad for part in got), (
    "there is no gradient: z and the log-determinants are what the network is trained by"
)
got = layer.inverse(torch.randn(3, dim, generator=g, dtype=torch.float64))
assert got.requires_grad, "there is no gradient through inverse: no torch.no_grad, no detach"


# %% hidden="AffineCoupling" points=2
# Hidden check, 2 points: other sizes, float32, the log-determinant against autograd's Jacobian, gradients
# of both outputs and of the inverse.
SEED = 0
g = torch.Generator().manual_seed(SEED)
torch.manual_seed(SEED)
for dim, hidden, first, B, dtype in (
    (3, 4, True, 5, torch.float64),
    (3, 4, False, 1, torch.float64),
    (6, 8, True, 4, torch.float64),
    (7, 5, False, 6, torch.float32),
):
    layer = AffineCoupling(dim, hidden, first).to(dtype)
    weights = list(layer.parameters())
    with torch.no_grad():
        for weight in weights:
            weight.copy_(0.6 * torch.randn(weight.shape, generator=g))
    x = torch.randn(B, dim, generator=g, dtype=torch.float64).to(dtype).requires_grad_()
    loose = 1e-7 if dtype == torch.float64 else 2e-4
    half = dim // 2
    stays = torch.arange(dim) < half if first else torch.arange(dim) >= half

    def amounts(a, weights=weights):
        for w, b in zip(weights[::2], weights[1::2]):
            a = nn.functional.linear(a.relu() if w is not weights[0] else a, w, b)
        s, t = a.chunk(2, 1)
        return 2 * torch.tanh(s / 2), t

    def place(kept, changed, stays=stays):
        order = torch.cat([torch.where(stays)[0], torch.where(~stays)[0]]).argsort()
        return torch.cat([kept, changed], 1)[:, order]

    s, t = amounts(x[:, stays])
    true = place(x[:, stays], x[:, ~stays] * s.exp() + t)
    got = layer(x)
    assert isinstance(got, (tuple, list)) and len(got) == 2, "two tensors"
    z, log_det = got
    assert z.dtype == dtype and log_det.dtype == dtype, "the dtype of x"
    assert log_det.shape == (B,), "a log-determinant for each row"
    assert_close(z, true, rtol=loose, atol=loose, msg=f"{dim} columns, first={first}: z")
    assert_close(log_det, s.sum(1), rtol=loose, atol=loose, msg="the log-determinant")
    assert z.requires_grad and log_det.requires_grad, "no gradient"
    jacobian = torch.stack(
        [torch.autograd.grad(z[:, i].sum(), x, retain_graph=True)[0] for i in range(dim)], 1
    )
    assert_close(
        log_det.detach(), torch.linalg.slogdet(jacobian)[1], rtol=10 * loose, atol=10 * loose,
        msg="the determinant of the Jacobian",
    )  # fmt: skip
    pull = torch.randn(B, dim, generator=g, dtype=torch.float64).to(dtype)
    noise = torch.randn(B, dim, generator=g, dtype=torch.float64).to(dtype).requires_grad_()
    s2, t2 = amounts(noise[:, stays])
    true_x = place(noise[:, stays], (noise[:, ~stays] - t2) * (-s2).exp())
    made = layer.inverse(noise)
    assert torch.is_tensor(made) and made.dtype == dtype, "the dtype of z"
    assert made.requires_grad, "no gradient through inverse"
    assert_close(made, true_x, rtol=loose, atol=10 * loose, msg="the inverse")
    for mine, theirs, leaf in (
        ((z * pull).sum(), (true * pull).sum(), x),
        (log_det.sum(), s.sum(), x),
        ((made * pull).sum(), (true_x * pull).sum(), noise),
    ):
        leaves = [leaf, *weights]
        slopes = torch.autograd.grad(mine, leaves, retain_graph=True, allow_unused=True)
        for slope, fair in zip(slopes, torch.autograd.grad(theirs, leaves, retain_graph=True)):
            slope = torch.zeros_like(fair) if slope is None else slope
            assert_close(slope, fair, rtol=1e3 * loose, atol=1e3 * loose, msg="a gradient")

# %% [markdown]
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
