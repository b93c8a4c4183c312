# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 01 · Two routes to a classifier
#
# {launch}
#
# A classifier needs $P(Y \mid X)$. You will build the two ways to get it.
#
# - **Part A, discriminative.** Logistic regression models $P(Y \mid X)$ and nothing else.
# - **Part B, generative.** Naive Bayes models the joint $P(X, Y)$, gets $P(Y \mid X)$ by Bayes'
#   rule, and can *make new data*.
#
# At the end you will draw digits from your own joint distribution, and see which route learns
# faster from little data.
#
# | | |
# |---|---|
# | **Needs** | the chapter *Two routes to a classifier*, PyTorch's basics |
# | **Points** | {points}, in eleven exercises |
# | **Time** | two to three hours for you, about ten seconds for a laptop; no GPU |
#
# **How it works.** Replace each `raise NotImplementedError` by your code. Run the check cell below
# it: it prints nothing when all is well, and names the likely mistake when not. A second, hidden
# check runs when you hand in: other inputs, other shapes. Your answers need not check their input. To run all visible checks at once, type
# `make check NOTEBOOK=01`, or `python -m course check 01` in JupyterLab's own terminal.

# %% given="setup"
import math

import matplotlib.pyplot as plt
import torch
from sklearn.linear_model import LogisticRegression as SklearnLogisticRegression
from torch import Tensor
from torch.distributions import Normal
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.testing import assert_close

from dgm.data import load
from dgm.logistic import solve, warn_no_maximum

torch.set_num_threads(1)  # small problems are fastest on one
torch.manual_seed(0)

# %% [markdown]
# Throughout, `X` is a table of `n` rows and `d` features, and `y` holds a label for each row.
# An intercept is a column of ones in `X`.
#
# ## Part A · The discriminative route
#
# ### Exercise 1 · The sigmoid
#
# *difficulty 1 of 5 · importance 4 of 5 · 5 minutes*
#
# Logistic regression says that the **log-odds** of the two classes are linear in $x$:
#
# $$\log\frac{P(Y=1\mid x)}{P(Y=0\mid x)} = z = \theta^\top x
# \quad\Longrightarrow\quad
# P(Y=1\mid x) = \sigma(z) = \frac{1}{1+e^{-z}}.$$
#
# Write $\sigma$ for a tensor of any shape. It must be right in **both tails**: 0 at $z=-1000$,
# 1 at $z=1000$, and never NaN.
#
# *Predict first:* what is `torch.exp(torch.tensor(1000.0))`? And that, divided by itself?
#
# <details><summary>Hint 1</summary>
#
# There are two ways to write it: $1/(1+e^{-z})$ and $e^{z}/(1+e^{z})$. On which side of zero is
# each of them safe?
# </details>
# <details><summary>Hint 2</summary>
#
# Multiply above and below by $e^{\min(z,0)}$: then no exponent is ever positive.
# </details>

# %% answer="sigmoid"
from dgm.logistic import sigmoid  # exercise

# %% check="sigmoid" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
z = 3 * torch.randn(50, generator=g, dtype=torch.float64)
before = z.clone()
p = sigmoid(z)
assert p is not None, "sigmoid returned None: did you forget `return`?"
assert torch.equal(z, before), (
    "sigmoid has changed the z it was given: no `+=`, no method whose name ends in _"
)
assert p.shape == z.shape, (
    f"wanted one probability for each z: {tuple(z.shape)}, got {tuple(p.shape)}"
)
assert (p >= 0).all() and (p <= 1).all(), (
    f"a probability lies between 0 and 1; yours go from {p.min():.4g} to {p.max():.4g}"
    + (". Brackets round the sum?" if p.min() >= 0 else "")
)
assert (sigmoid(-z.abs()) <= 0.5).all(), (
    "a negative z must give less than 1/2: check the sign in the exponent"
)
for log_odds, got in zip(z.tolist(), p.tolist()):
    wanted = 1 / (1 + math.exp(-log_odds))
    assert abs(got - wanted) <= 1e-6, (
        f"sigmoid({log_odds:.4f}) should be {wanted:.6f}, got {got:.6f}"
    )
z = torch.tensor([-1000.0, 1000.0], dtype=torch.float64)
far = sigmoid(z)
assert not far.isnan().any(), "NaN in the tails: inf / inf? Keep the exponent at or below 0"
assert far[0] <= 1e-9 and far[1] >= 1 - 1e-9, (
    f"sigmoid(-1000), sigmoid(1000) should be 0 and 1, got {far.tolist()}"
)
assert z.tolist() == [-1000, 1000], f"sigmoid has changed the z it was given, to {z.tolist()}"


# %% hidden="sigmoid" points=2
# Hidden check, 2 points: numbers without dimensions, tables, float32, and the tails of each.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for dtype in (torch.float64, torch.float32):
    for shape in ((), (4, 3), (2, 3, 4)):
        z = 4 * torch.randn(shape, generator=g, dtype=dtype)
        wanted = 0.5 + 0.5 * torch.tanh(z / 2)
        assert_close(
            sigmoid(z),
            wanted,
            rtol=1e-5,
            atol=1e-6,
            check_dtype=False,
            msg=f"wrong for a tensor of shape {shape}",
        )
    z = torch.tensor([-1e4, -800.0, -100.0, 0.0, 100.0, 800.0, 2e3], dtype=dtype)
    wanted = torch.tensor([0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0], dtype=dtype)
    for far, p in ((z, wanted), (-z, 1 - wanted)):  # more weight on the left, then on the right
        assert_close(
            sigmoid(far), p, rtol=0, atol=1e-9, check_dtype=False, msg="wrong in the tails"
        )


# %% [markdown]
# ### Exercise 2 · The log-likelihood
#
# *difficulty 2 of 5 · importance 5 of 5 · 15 minutes*
#
# How probable does $\theta$ make the labels that we saw? The rows are independent, so the
# probabilities multiply and their logarithms add:
#
# $$\ell(\theta) = \sum_{i=1}^{n} \bigl[y_i\log\sigma(z_i) + (1-y_i)\log(1-\sigma(z_i))\bigr],
# \qquad z_i = \theta^\top x_i.$$
#
# It is a **sum** over rows, not a mean. And it must be exact where $z = \pm 1000$: a row with
# $y=0$ and $z=1000$ adds $-1000$, not $-\infty$.
#
# *Predict first:* what is $\ell(0)$ for $n$ rows?
#
# <details><summary>Hint 1</summary>
#
# `log(sigmoid(-1000))` is `log(0)`. Simplify $\log\sigma(z)$ on paper before you compute it.
# </details>
# <details><summary>Hint 2</summary>
#
# $\log\sigma(z) = -\log(1+e^{-z})$ and $1-\sigma(z)=\sigma(-z)$.
# `torch.nn.functional` has `logsigmoid` and `softplus`; `torch` has `logaddexp`.
# </details>

# %% answer="log_likelihood"
from dgm.logistic import log_likelihood  # exercise

# %% check="log_likelihood" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
X = torch.randn(20, 3, generator=g, dtype=torch.float64)
theta = torch.randn(3, generator=g, dtype=torch.float64)
y = (torch.rand(20, generator=g) < 0.3).long()
before = [t.clone() for t in (theta, X, y)]
log_likelihood(theta, X, y)
for name, old, now in zip(("theta", "X", "y"), before, (theta, X, y)):
    assert torch.equal(old, now), (
        f"log_likelihood has changed the {name} it was given: work on a copy"
    )
value = log_likelihood(0 * theta, X, y)
assert value is not None, "log_likelihood returned None: did you forget `return`?"
assert torch.as_tensor(value).numel() == 1, (
    f"one number is wanted, got shape {tuple(value.shape)}: did you sum over the rows?"
)
at_zero = float(value)
assert at_zero < 0, (
    f"the log of a probability is not above 0; at theta = 0 you get {at_zero:.4f}. A sign? No logarithm?"
)
assert abs(at_zero + math.log(2)) > 1e-4, (
    "at theta = 0 you get -log 2, one row's share: a mean in place of the sum?"
)
assert abs(at_zero + 20 * math.log(2)) < 1e-4, (
    f"at theta = 0 each of the 20 rows, be y 0 or 1, adds -log 2, in all -13.8629; got {at_zero:.4f}"
)
by_hand = swapped = 0.0
for row, label in zip(X.tolist(), y.tolist()):
    z = sum(a * b for a, b in zip(row, theta.tolist()))
    if label == 0:
        z = -z
    by_hand -= math.log(1 + math.exp(-z))
    swapped -= math.log(1 + math.exp(z))
got = float(log_likelihood(theta, X, y))
if not abs(got - by_hand) <= 1e-4:
    assert not abs(got - swapped) <= 1e-4, (
        "the labels are the wrong way round: log sigmoid(z) belongs to y = 1"
    )
    raise AssertionError(
        f"row by row it is {by_hand:.6f}, got {got:.6f}: is a row with y = 0 worth log sigmoid(-z)?"
    )
single = float(log_likelihood(theta.float(), X.float(), y))
assert abs(single - by_hand) < 1e-2, f"wrong in float32: wanted {by_hand:.4f}, got {single:.4f}"
X = torch.tensor([[1000.0], [-1000.0]], dtype=torch.float64)
one = torch.ones(1, dtype=torch.float64)
far = float(log_likelihood(one, X, torch.tensor([0, 1])))
assert math.isfinite(far), (
    f"at log-odds of 1000 the log-likelihood is {far}: take the log of the sigmoid in one step"
)
assert abs(far + 2000) < 1e-2, (
    f"two rows, each wrong by log-odds of 1000: wanted -2000, got {far:.4f}. A probability kept away from 0 is not exact"
)


# %% hidden="log_likelihood" points=2
# Hidden check, 2 points: other sizes, one row, float32, labels of type float, both tails.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, d, dtype in ((1, 1, torch.float64), (7, 12, torch.float64), (200, 5, torch.float32)):
    X = torch.randn(n, d, generator=g, dtype=dtype)
    theta = 2 * torch.randn(d, generator=g, dtype=dtype)
    y = (torch.rand(n, generator=g) < 0.6).to(dtype)
    wanted = -float(binary_cross_entropy_with_logits(X @ theta, y, reduction="sum"))
    for labels in (y, y.long()):
        got = float(log_likelihood(theta, X, labels))
        assert abs(got - wanted) <= 1e-4 * max(1, abs(wanted)), f"wrong for X of shape {(n, d)}"
X = torch.tensor([[1000.0], [-1000.0], [750.0]], dtype=torch.float64)
one = torch.ones(1, dtype=torch.float64)
assert abs(float(log_likelihood(one, X, torch.tensor([1, 0, 1])))) < 1e-6, "sure and right: adds 0"
assert abs(float(log_likelihood(one, X, torch.tensor([0, 1, 0]))) + 2750) < 1e-2, (
    "sure and wrong: adds -|z|"
)


# %% [markdown]
# ### Exercise 3 · Its gradient
#
# *difficulty 2 of 5 · importance 5 of 5 · 15 minutes*
#
# To climb $\ell$ we need its slope. Almost everything cancels:
#
# $$\nabla\ell(\theta) = \sum_{i=1}^{n}\bigl(y_i-\sigma(z_i)\bigr)\,x_i.$$
#
# Read it aloud: each row pulls $\theta$ along its own $x_i$, as hard as the prediction is wrong.
#
# *Predict first:* what is the slope when every prediction is exactly right?
#
# <details><summary>Hint 1</summary>
#
# First the residuals, a vector of length $n$. Then a sum of rows of `X` with these weights.
# </details>
# <details><summary>Hint 2</summary>
#
# A weighted sum of rows is the product of a transposed matrix and a vector. Labels may be
# integers: bring them to the type of `X`.
# </details>

# %% answer="gradient"
from dgm.logistic import gradient  # exercise

# %% check="gradient" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
X = torch.randn(30, 4, generator=g, dtype=torch.float64)
theta = torch.randn(4, generator=g, dtype=torch.float64)
y = (torch.rand(30, generator=g) < 0.5).long()
leaf = theta.clone().requires_grad_()
loss = binary_cross_entropy_with_logits(X @ leaf, y.double(), reduction="sum")
(wanted,) = torch.autograd.grad(-loss, leaf)  # the log-likelihood is minus this loss
before = [t.clone() for t in (theta, X, y)]
got = gradient(theta, X, y)
assert got is not None, "gradient returned None: did you forget `return`?"
assert got.shape == (4,), f"one slope for each theta: wanted shape (4,), got {tuple(got.shape)}"
got = got.detach().double().clone()
for name, old, now in zip(("theta", "X", "y"), before, (theta, X, y)):
    assert torch.equal(old, now), f"gradient has changed the {name} it was given: work on a copy"
if not torch.allclose(got, wanted, rtol=1e-4, atol=1e-4):
    assert not torch.allclose(got, -wanted), (
        "the sign is turned: this is the slope of the loss, not of the log-likelihood"
    )
    assert not torch.allclose(got * 30, wanted), "a mean over rows; the log-likelihood is a sum"
    times = float(got @ wanted / (wanted @ wanted))
    assert not torch.allclose(got, times * wanted), (
        f"the right direction, but {times:.4g} times as long as it should be"
    )
    raise AssertionError(
        f"autograd says {[round(v, 4) for v in wanted.tolist()]}, got {[round(v, 4) for v in got.tolist()]}: "
        "is a row's weight y - sigmoid(z)?"
    )
again = gradient(theta, X, y).detach().double()
assert torch.allclose(again, wanted, rtol=1e-4, atol=1e-4), (
    "a second call with the same input gives something else: does theta.grad add up? Work on theta.clone()"
)
single = gradient(theta.float(), X.float(), y)
assert_close(single, wanted, rtol=1e-3, atol=1e-3, check_dtype=False, msg="wrong in float32")


# %% hidden="gradient" points=2
# Hidden check, 2 points: fewer rows than features, one row, float32, log-odds of 1000.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, d, dtype, tolerance in (
    (3, 8, torch.float64, 1e-4),
    (1, 1, torch.float64, 1e-4),
    (100, 6, torch.float32, 1e-3),
):
    X = torch.randn(n, d, generator=g, dtype=dtype)
    theta = torch.randn(d, generator=g, dtype=dtype, requires_grad=True)
    y = (torch.rand(n, generator=g) < 0.4).long()
    loss = binary_cross_entropy_with_logits(X @ theta, y.to(dtype), reduction="sum")
    (wanted,) = torch.autograd.grad(-loss, theta)
    assert_close(
        gradient(theta.detach(), X, y),
        wanted,
        rtol=tolerance,
        atol=tolerance,
        check_dtype=False,
        msg=f"wrong for X of shape {(n, d)}",
    )
X = torch.tensor([[1000.0], [-1000.0]], dtype=torch.float64)
one = torch.ones(1, dtype=torch.float64)
got = gradient(one, X, torch.tensor([0, 1]))
assert_close(
    got,
    torch.tensor([-2000.0], dtype=torch.float64),
    rtol=1e-6,
    atol=1e-6,
    check_dtype=False,
    msg="wrong at log-odds of 1000",
)


# %% [markdown]
# ### Exercise 4 · A prior, and what it does to the objective
#
# *difficulty 2 of 5 · importance 4 of 5 · 10 minutes*
#
# Suppose that before we see any data we believe $\theta_j \sim \mathcal N(0, 1/\lambda_j)$. Bayes'
# rule adds the prior's logarithm to the log-likelihood. Up to a constant,
#
# $$\log p(\theta\mid X, y) = \ell(\theta) - \tfrac12\sum_j \lambda_j\,\theta_j^2 .$$
#
# Its maximum is the **MAP** estimate, and the second term is what people call L2 regularisation.
# `penalty` holds $\lambda$, one number for each coefficient. A 0 in it is a flat prior, as one
# takes for the intercept; do not assume where it stands.
#
# *Predict first:* with a very large $\lambda_j$, where does $\theta_j$ end up?
#
# <details><summary>Hint 1</summary>
#
# The penalty does not know about rows: it is taken off once, not once a row.
# </details>
# <details><summary>Hint 2</summary>
#
# $\lambda$ is one over a *variance*. And mind the half.
# </details>

# %% answer="log_posterior"
from dgm.logistic import log_posterior  # exercise

# %% check="log_posterior" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
X = torch.cat([torch.ones(25, 1), torch.randn(25, 3, generator=g)], dim=1).double()
y = (torch.rand(25, generator=g) < 0.5).long()
penalty = torch.tensor([0.0, 1.0, 4.0, 0.5], dtype=torch.float64)
a, b = torch.randn(2, 4, generator=g, dtype=torch.float64)


def fit_of(theta):
    return -float(binary_cross_entropy_with_logits(X @ theta, y.double(), reduction="sum"))


def prior_of(theta, variance):  # a Gaussian prior on three of them, a flat one on the intercept
    return float(Normal(0.0, variance.sqrt()).log_prob(theta[1:]).sum())


before = [t.clone() for t in (a, X, y, penalty)]
value = log_posterior(a, X, y, penalty)
assert value is not None, "log_posterior returned None: did you forget `return`?"
assert torch.as_tensor(value).numel() == 1, (
    f"one number is wanted, got shape {tuple(value.shape)}: is the penalty summed?"
)
assert math.isfinite(float(value)), (
    f"got {float(value)}: a penalty of 0 is a flat prior, which adds nothing"
)
for name, old, now in zip(("theta", "X", "y", "penalty"), before, (a, X, y, penalty)):
    assert torch.equal(old, now), (
        f"log_posterior has changed the {name} it was given: work on a copy"
    )
# A difference between two thetas: the constant that we may leave out is not in it.
fit_part, prior = fit_of(a) - fit_of(b), prior_of(a, 1 / penalty[1:]) - prior_of(b, 1 / penalty[1:])
inverse = prior_of(a, penalty[1:]) - prior_of(b, penalty[1:])
got = float(value) - float(log_posterior(b, X, y, penalty))
if not abs(got - fit_part - prior) <= 1e-4:
    for mistake, amount in (
        ("the penalty has no effect", fit_part),
        ("the penalty counts twice as much as it should: is the half there?", fit_part + 2 * prior),
        ("the penalty is added; it is to be taken off", fit_part - prior),
        ("the sign of the whole is turned: this is a loss", -fit_part - prior),
        ("the sign of the log-likelihood is turned", prior - fit_part),
        ("the log-likelihood is missing", prior),
        ("the log-likelihood is a sum over rows, not a mean", fit_part / 25 + prior),
        ("the penalty is taken off once, not once a row", fit_part + 25 * prior),
        (
            "the penalty is taken off whole, not divided by the number of rows",
            fit_part + prior / 25,
        ),
        ("lambda is one over the variance, not the variance", fit_part + inverse),
    ):
        assert not abs(got - amount) <= 1e-4, mistake
    raise AssertionError(
        f"between two thetas it should change by {fit_part + prior:.6f}, got {got:.6f}. "
        "Each theta is squared, then multiplied by its own lambda, then all are added"
    )


# %% hidden="log_posterior" points=1
# Hidden check, 1 point: other sizes, all penalties 0, a large penalty on one coefficient.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, d in ((4, 6), (60, 2)):
    X = torch.randn(n, d, generator=g, dtype=torch.float64)
    y = (torch.rand(n, generator=g) < 0.5).long()
    a, b = 2 * torch.randn(2, d, generator=g, dtype=torch.float64)
    for penalty in (
        torch.zeros(d).double(),
        3 * torch.rand(d, generator=g).double(),
        100.0 * torch.eye(d)[0].double(),
    ):
        wanted = size = 0.0
        for theta, sign in ((a, 1), (b, -1)):
            loss = binary_cross_entropy_with_logits(X @ theta, y.double(), reduction="sum")
            value = float(loss + 0.5 * torch.dot(penalty, theta * theta))
            wanted, size = wanted - sign * value, size + value
        got = float(log_posterior(a, X, y, penalty)) - float(log_posterior(b, X, y, penalty))
        assert abs(got - wanted) <= 1e-6 * (1 + size), f"wrong for X of shape {(n, d)}"


# %% [markdown]
# ### Exercise 5 · The curvature
#
# *difficulty 3 of 5 · importance 3 of 5 · 15 minutes*
#
# Newton's method asks not only which way is up, but how fast the slope flattens. That is the
# matrix of second derivatives. With its sign turned it is
#
# $$H(\theta) = \sum_{i=1}^{n} \sigma(z_i)\bigl(1-\sigma(z_i)\bigr)\,x_i x_i^\top + \operatorname{diag}(\lambda).$$
#
# Two things to see in it. No label is in it. And it has no negative eigenvalue, so the
# log-posterior has one hill and no other.
#
# *Predict first:* where is a row's weight $\sigma(1-\sigma)$ largest?
#
# <details><summary>Hint 1</summary>
#
# Give each row of `X` its weight, then multiply by `X` once more.
# </details>
# <details><summary>Hint 2</summary>
#
# `weight[:, None] * X` multiplies row $i$ by `weight[i]`; no `(n, n)` matrix is needed.
# </details>

# %% answer="information"
from dgm.logistic import information  # exercise

# %% check="information" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
X = torch.randn(15, 3, generator=g, dtype=torch.float64)
theta = torch.randn(3, generator=g, dtype=torch.float64)
y = (torch.rand(15, generator=g) < 0.5).double()
penalty = torch.tensor([0.0, 2.0, 0.5], dtype=torch.float64)


def objective(theta):
    return (
        binary_cross_entropy_with_logits(X @ theta, y, reduction="sum")
        + (penalty * theta**2).sum() / 2
    )


wanted = torch.autograd.functional.hessian(objective, theta)
before = [t.clone() for t in (theta, X, penalty)]
got = information(theta, X, penalty)
assert got is not None, "information returned None: did you forget `return`?"
assert got.shape == (3, 3), f"a (d, d) matrix is wanted, (3, 3) here; got {tuple(got.shape)}"
for name, old, now in zip(("theta", "X", "penalty"), before, (theta, X, penalty)):
    assert torch.equal(old, now), f"information has changed the {name} it was given: work on a copy"
got = got.detach().double()
if not torch.allclose(got, wanted, rtol=1e-4, atol=1e-4):
    rows, off = wanted - penalty.diag(), ~torch.eye(3, dtype=torch.bool)
    assert not torch.allclose(got, -wanted), (
        "the sign is turned: H is *minus* the second derivative of the log-posterior"
    )
    assert not torch.allclose(got, rows), "the penalty is missing on the diagonal"
    assert not torch.allclose(got[off], rows[off]), (
        "right off the diagonal; on it, add each lambda itself, once"
    )
    assert not torch.allclose(got[off], rows[off] / 15), "a mean over rows in place of the sum"
    assert not torch.allclose(got, rows + penalty), (
        "the penalty belongs on the diagonal only: make a matrix of it"
    )
    assert not torch.allclose(got[off], (X.T @ X)[off]), (
        "the rows' weights are missing: this is X^T X"
    )
    p = torch.special.expit(X @ theta)[:, None]
    assert not torch.allclose(got[off], (X.T @ (p * X))[off]), (
        "each row's weight is p; wanted p (1 - p)"
    )
    assert torch.allclose(got, got.T), "the matrix should be symmetric"
    assert (got[off] != 0).any(), "it is 0 off the diagonal; the features meet each other there"
    raise AssertionError(
        "autograd's Hessian is another matrix: is a row's weight p (1 - p), once? Is the penalty on the diagonal only?"
    )


# %% hidden="information" points=2
# Hidden check, 2 points: other sizes, fewer rows than features, float32, log-odds of 1000.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, d, dtype, tolerance in (
    (2, 5, torch.float64, 1e-5),
    (2500, 2, torch.float64, 1e-5),
    (40, 7, torch.float32, 1e-3),
):
    X = torch.randn(n, d, generator=g, dtype=dtype)
    theta = torch.randn(d, generator=g, dtype=dtype)
    penalty = torch.rand(d, generator=g, dtype=dtype)
    wanted = torch.zeros(d, d, dtype=dtype)
    for x in X[:50]:
        p = torch.special.expit(x @ theta)
        wanted += p * (1 - p) * torch.outer(x, x)
    got = information(theta, X[:50], penalty)
    assert_close(
        got,
        wanted + torch.diag(penalty),
        rtol=tolerance,
        atol=tolerance,
        check_dtype=False,
        msg=f"wrong for {(n, d)}",
    )
    if n > 50:  # many rows: an (n, n) matrix would be wasteful, not wrong
        whole = information(theta, X, penalty)
        parts = information(theta, X[:50], penalty) + information(theta, X[50:], 0 * penalty)
        assert_close(
            whole, parts, rtol=1e-5, atol=1e-5, check_dtype=False, msg="wrong for many rows"
        )
X = torch.tensor([[1000.0], [-1000.0]], dtype=torch.float64)
one = torch.ones(1, dtype=torch.float64)
got = information(one, X, one)
assert_close(
    got,
    torch.ones(1, 1, dtype=torch.float64),
    rtol=1e-6,
    atol=1e-6,
    check_dtype=False,
    msg="wrong at log-odds of 1000",
)

# %% [markdown]
# ### Exercise 6 · Fit
#
# *difficulty 4 of 5 · importance 5 of 5 · 30 minutes*
#
# Now climb. There is no formula for the maximum, but in all checks the hill has one top, so **any
# method that arrives there is a right answer**: gradient ascent with enough small steps, Newton's method, or
# an optimiser of PyTorch. At the top the slope of the log-posterior is zero.
#
# Newton's method is the classic. From $\theta=0$, repeat:
#
# 1. slope: $s = \nabla\ell(\theta) - \lambda\theta$;
# 2. step: solve $H(\theta)\,\Delta = s$;
# 3. if $\theta+\Delta$ lies lower than $\theta$, halve $\Delta$ until it does not;
# 4. $\theta \leftarrow \theta + \Delta$; stop when $\Delta$ no longer matters.
#
# `solve(A, b)` is given: it solves $A\Delta=b$, also where `A` is singular. Your answer may ignore
# `tol`, `max_iter` and `trace`, and need not warn: what counts is where it arrives.
#
# *Predict first:* Newton's method on this problem takes about 6 steps. How many would gradient
# ascent take: 60, 600, 6000?
#
# <details><summary>Hint 1</summary>
#
# A slope that is summed over many rows is large. Gradient ascent is safe with a step size of
# one over $\tfrac14\Lambda + \max_j\lambda_j$, where $\Lambda$ is the largest eigenvalue of
# $X^\top X$: $H$ has no eigenvalue above that sum.
# </details>
# <details><summary>Hint 2</summary>
#
# The penalty belongs in the slope as well as in the curvature. `penalty[0]` may be 0.
# </details>

# %% answer="fit"
from dgm.logistic import fit  # exercise

# %% check="fit" points=2
SEED = 0
g = torch.Generator().manual_seed(SEED)
X = torch.cat([torch.ones(300, 1), torch.randn(300, 2, generator=g)], dim=1).double()
X[:, 2] += X[:, 1]  # two features that go together
truth = torch.tensor([0.5, 1.0, -1.5], dtype=torch.float64)
y = (torch.rand(300, generator=g).double() < torch.special.expit(X @ truth)).long()
penalty = torch.tensor([0.0, 5.0, 20.0], dtype=torch.float64)
before = [t.clone() for t in (X, y, penalty)]
theta = fit(X, y, penalty)
assert theta is not None, "fit returned None: did you forget `return`?"
assert theta.shape == (3,), f"wanted theta of shape (3,), got {tuple(theta.shape)}"
for name, old, now in zip(("X", "y", "penalty"), before, (X, y, penalty)):
    assert torch.equal(old, now), f"fit has changed the {name} it was given: work on a copy"
theta = theta.detach().double()
assert theta.isfinite().all(), (
    "NaN or infinity in theta: the steps grew. Halve them when the objective falls"
)
of_data = X.T @ (y - torch.special.expit(X @ theta))
slope = of_data - penalty * theta
if slope.abs().max() >= 0.05:
    times = of_data[1:] / (penalty * theta)[1:]
    assert of_data.abs().max() >= 0.05, (
        "this is the top of the likelihood: is the penalty in the slope?"
    )
    assert not slope[1:].abs().max() < 0.05, (
        "the first coefficient is not at its top: is the intercept penalised? penalty[0] is 0"
    )
    assert not (of_data[0].abs() < 0.05 and (times / times[0] - 1).abs().max() < 1e-3), (
        f"this is the top for {times[0]:.4g} times the penalty. A half? A mean over rows in one place, a sum in the other?"
    )
    height = [
        float(
            t @ X.T @ y.double()
            - torch.nn.functional.softplus(X @ t).sum()
            - (penalty * t * t).sum() / 2
        )
        for t in (theta, 0 * theta)
    ]
    assert height[0] >= height[1], (
        "this is lower than theta = 0: down in place of up, or steps that are too long?"
    )
    raise AssertionError(
        f"not at the top: the slope there should be 0, it is {[round(v, 4) for v in slope.tolist()]}. "
        "More steps? Has each coefficient its own penalty, taken off?"
    )


# %% hidden="fit" points=2
# Hidden check, 2 points: against scikit-learn, with and without a penalty, other sizes, unequal penalties.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, d, l2 in ((200, 1, 0.0), (400, 4, 0.0), (400, 4, 2.0), (50, 3, 25.0)):
    features = torch.randn(n, d, generator=g, dtype=torch.float64)
    truth = torch.randn(d, generator=g, dtype=torch.float64).clamp(-1, 1)
    y = (torch.rand(n, generator=g).double() < torch.special.expit(features @ truth - 0.3)).long()
    X = torch.cat([torch.ones(n, 1).double(), features], dim=1)
    penalty = torch.full((d + 1,), l2, dtype=torch.float64)
    penalty[0] = 0
    peer = SklearnLogisticRegression(C=1 / l2 if l2 else 1e12, solver="newton-cholesky", tol=1e-10)
    peer.fit(features.numpy(), y.numpy())
    wanted = torch.tensor([*peer.intercept_, *peer.coef_[0]], dtype=torch.float64)
    assert_close(
        fit(X, y, penalty),
        wanted,
        rtol=2e-3,
        atol=2e-3,
        check_dtype=False,
        msg=f"not the maximum for X of shape {(n, d + 1)}, l2={l2}",
    )
X = torch.randn(150, 4, generator=g, dtype=torch.float64)
y = (torch.rand(150, generator=g).double() < torch.special.expit(X.sum(1))).long()
penalty = 3 + 20 * torch.rand(
    4, generator=g, dtype=torch.float64
)  # no intercept: none of them is 0
theta = fit(X, y, penalty).detach().double()
slope = X.T @ (y - torch.special.expit(X @ theta)) - penalty * theta
assert slope.abs().max() < 0.05, (
    f"not the maximum where each coefficient has its own penalty: the slope is {slope.tolist()}"
)


# %% [markdown]
# **What you have.** Below is your classifier on two clouds of points. Colour is the probability of
# the right-hand class; the black line is where it says one half. Turn `strength` up and down: what
# does the prior do to the line, and what to the colours?

# %% demo=true
strength = 1.0
g = torch.Generator().manual_seed(1)
clouds = torch.cat(
    [torch.randn(80, 2, generator=g) - 1, torch.randn(80, 2, generator=g) + 1]
).double()
side = torch.arange(160) // 80
with_ones = torch.cat([torch.ones(160, 1).double(), clouds], dim=1)
theta = fit(with_ones, side, torch.tensor([0.0, strength, strength], dtype=torch.float64))
u, v = torch.meshgrid(torch.linspace(-4, 4, 200), torch.linspace(-4, 4, 200), indexing="xy")
p = sigmoid(theta[0] + theta[1] * u + theta[2] * v)
plt.figure(figsize=(4.2, 3.6))
plt.contourf(u, v, p, levels=20, cmap="RdBu", alpha=0.6)
plt.contour(u, v, p, levels=[0.5], colors="black")
plt.scatter(clouds[:, 0], clouds[:, 1], c=side, cmap="RdBu", edgecolors="white", s=25)
plt.xlabel("$x_1$")
plt.ylabel("$x_2$")
plt.show()

# %% [markdown]
# ## Part B · The generative route
#
# ### Exercise 7 · Count and average
#
# *difficulty 2 of 5 · importance 4 of 5 · 15 minutes*
#
# Naive Bayes models how the data *arise*: first a class, then, given the class, each feature on
# its own from a Gaussian.
#
# $$P(Y=k)=\pi_k, \qquad P(x\mid Y=k)=\prod_{j=1}^{d}\mathcal N(x_j;\,\mu_{kj},\,\sigma^2_{kj}).$$
#
# Its maximum-likelihood fit needs no climbing at all:
#
# 1. $\pi_k$ is the share of the rows of class $k$;
# 2. $\mu_{kj}$ is the mean of feature $j$ over the rows of class $k$;
# 3. $\sigma^2_{kj}$ is the mean of $(x_{ij}-\mu_{kj})^2$ over these rows: divide the sum by
#    their number $n_k$, not by $n_k-1$;
# 4. with `shared_variance`, one variance a feature for all classes: the mean of
#    $(x_{ij}-\mu_{y_i j})^2$ over *all* rows, repeated for each class.
#
# *Predict first:* which is larger, a feature's shared variance or its plain variance over all rows?
#
# <details><summary>Hint 1</summary>
#
# `X[y == k]` are the rows of class $k$. A loop over the classes is fine.
# </details>
# <details><summary>Hint 2</summary>
#
# `torch.var` divides by $n-1$ unless told otherwise. For step 4, classes with more rows weigh
# more: the weights are $\pi_k$.
# </details>

# %% answer="class_statistics"
from dgm.naive_bayes import class_statistics  # exercise

# %% check="class_statistics" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
X = torch.randn(40, 3, generator=g, dtype=torch.float64) * torch.tensor([1.0, 2.0, 5.0])
y = torch.cat([torch.zeros(8), torch.ones(32)]).long()
X[y == 1] += torch.tensor([3.0, 0.0, -10.0])
before = X.clone()
prior, mean, var = class_statistics(X, y, 2)
assert torch.equal(X, before), "your function changed X, which is the caller's: work on a copy"
assert prior.shape == (2,) and mean.shape == (2, 3) and var.shape == (2, 3), (
    f"wanted shapes (2,), (2, 3), (2, 3); got {tuple(prior.shape)}, {tuple(mean.shape)}, {tuple(var.shape)}"
)
assert_close(
    prior,
    torch.tensor([0.2, 0.8], dtype=torch.float64),
    check_dtype=False,
    rtol=0,
    atol=1e-6,
    msg=f"8 and 32 of 40 rows: wanted 0.2 and 0.8, got {prior.tolist()}",
)
for k in (0, 1):
    rows = X[y == k].tolist()
    for j in range(3):
        column = [row[j] for row in rows]
        m = sum(column) / len(column)
        v = sum((value - m) ** 2 for value in column) / len(column)
        got = (float(mean[k, j]), float(var[k, j]))
        assert math.isclose(got[0], m, rel_tol=1e-5, abs_tol=1e-5), (
            f"mean[{k}, {j}], over the rows of class {k}, should be {m:.4f}, got {got[0]:.4f}"
        )
        hint = f"it is the mean of (x - mean[{k}, {j}])^2 over the rows of class {k}"
        if math.isclose(got[1], v * len(column) / (len(column) - 1), rel_tol=1e-4):
            hint = "divided by n - 1; maximum likelihood divides by n"
        elif math.isclose(got[1], math.sqrt(v), rel_tol=1e-4):
            hint = "that is the standard deviation"
        assert math.isclose(got[1], v, rel_tol=1e-5, abs_tol=1e-5), (
            f"var[{k}, {j}] should be {v:.4f}, got {got[1]:.4f}: {hint}"
        )
_, _, shared = class_statistics(X, y, 2, shared_variance=True)
assert shared.shape == (2, 3), (
    f"a shared variance is repeated for each class: wanted (2, 3), got {tuple(shared.shape)}"
)
assert torch.allclose(shared[0], shared[1]), (
    "a shared variance has two equal rows: is shared_variance used?"
)
inside = torch.stack([X[y == 0].var(0, correction=0), X[y == 1].var(0, correction=0)])
wanted = 0.2 * inside[0] + 0.8 * inside[1]
hint = "take the mean of (x - its own class's mean)^2 over all 40 rows"
if torch.allclose(shared[0].double(), inside.mean(0), rtol=1e-4):
    hint = "the classes differ in size: weigh their variances by the prior"
elif torch.allclose(shared[0].double(), X.var(0, correction=0), rtol=1e-4):
    hint = (
        "that is the variance about the mean of all rows; take each row about its own class's mean"
    )
elif torch.allclose(shared[0].double(), wanted * 40 / 38, rtol=1e-4):
    hint = "divided by n - 2; maximum likelihood divides by n"
assert_close(
    shared[0],
    wanted,
    check_dtype=False,
    rtol=1e-5,
    atol=1e-5,
    msg=f"shared variance: wanted {wanted.tolist()}, got {shared[0].tolist()}: {hint}",
)

# %% hidden="class_statistics" points=2
# Hidden check, 2 points: more classes, mixed order, a constant feature, one row in a class.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n_classes, d in ((3, 2), (5, 4)):
    y = torch.cat([torch.arange(n_classes), torch.randint(1, n_classes, (60,), generator=g)])
    y = y[torch.randperm(len(y), generator=g)]  # class 0 has one row
    X = torch.randn(len(y), d, generator=g, dtype=torch.float64) + 2 * y[:, None]
    X[:, 0] = 7.0
    prior, mean, var = class_statistics(X, y, n_classes)
    _, _, shared = class_statistics(X, y, n_classes, shared_variance=True)
    assert prior.shape == (n_classes,) and mean.shape == var.shape == shared.shape == (
        n_classes,
        d,
    ), f"shapes, for {n_classes} classes"
    pooled = torch.zeros(d, dtype=torch.float64)
    for k in range(n_classes):
        rows = X[y == k]
        assert abs(float(prior[k]) - len(rows) / len(y)) < 1e-6, "prior"
        assert_close(mean[k], rows.mean(0), check_dtype=False, rtol=1e-5, atol=1e-5, msg="mean")
        assert_close(
            var[k],
            ((rows - rows.mean(0)) ** 2).mean(0),
            check_dtype=False,
            rtol=1e-5,
            atol=1e-5,
            msg="var",
        )
        pooled += ((rows - rows.mean(0)) ** 2).sum(0) / len(y)
    for k in range(n_classes):
        assert_close(
            shared[k], pooled, check_dtype=False, rtol=1e-5, atol=1e-5, msg="shared variance"
        )

# %% [markdown]
# ### Exercise 8 · The joint density
#
# *difficulty 2 of 5 · importance 4 of 5 · 15 minutes*
#
# A product of many small densities becomes zero in floating point. Its logarithm is a sum, and safe:
#
# $$\log p(x, Y=k) = \log\pi_k + \sum_{j=1}^{d}\Bigl[-\tfrac12\log(2\pi\sigma^2_{kj}) - \frac{(x_j-\mu_{kj})^2}{2\sigma^2_{kj}}\Bigr].$$
#
# Give all rows and all $K$ classes at once: the result is `(n, K)`.
#
# *Predict first:* may $\log p(x, Y=k)$ be positive?
#
# <details><summary>Hint 1</summary>
#
# `X[:, None, :] - mean` has shape `(n, K, d)`: each row against each class.
# </details>
# <details><summary>Hint 2</summary>
#
# The first half of the bracket is there even if it looks like a constant: it differs by class.
# </details>

# %% answer="joint_log_prob"
from dgm.naive_bayes import joint_log_prob  # exercise

# %% check="joint_log_prob" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
K, d = 3, 2
X = torch.randn(6, d, generator=g, dtype=torch.float64)
prior = torch.tensor([0.2, 0.3, 0.5], dtype=torch.float64)
mean = torch.randn(K, d, generator=g, dtype=torch.float64)
var = 0.5 + torch.rand(K, d, generator=g, dtype=torch.float64)
before = X.clone()
got = joint_log_prob(X, prior, mean, var)
assert isinstance(got, Tensor), f"wanted a tensor, got {type(got).__name__}: is the return there?"
assert torch.equal(X, before), "your function changed X, which is the caller's: work on a copy"
assert got.shape == (6, 3), (
    f"a row for each x, a column for each class: wanted (6, 3), got {tuple(got.shape)}"
)
for i in range(6):
    for k in range(K):
        density = float(prior[k])
        for j in range(d):
            v = float(var[k, j])
            density *= math.exp(-((float(X[i, j]) - float(mean[k, j])) ** 2) / (2 * v)) / math.sqrt(
                2 * math.pi * v
            )
        off = float(got[i, k]) - math.log(density)
        mistakes = {
            "the prior is missing": -math.log(prior[k]),
            "the prior is there without its logarithm": float(prior[k]) - math.log(prior[k]),
            "the 2 pi is missing": d * math.log(2 * math.pi) / 2,
            "the 2 pi is there once, and belongs to each feature": (d - 1)
            * math.log(2 * math.pi)
            / 2,
            "log(2 pi var) is missing": float(torch.log(2 * math.pi * var[k]).sum()) / 2,
            "the half before log(2 pi var) is missing": -float(
                torch.log(2 * math.pi * var[k]).sum()
            )
            / 2,
            "the half in the exponent is missing": -float(((X[i] - mean[k]) ** 2 / var[k]).sum())
            / 2,
            "that is the density and not its logarithm": density - math.log(density),
            "a variance was read as a standard deviation": float(
                Normal(mean[k], var[k]).log_prob(X[i]).sum() + prior[k].log()
            )
            - math.log(density),
        }
        hint = next(
            (words for words, by in mistakes.items() if abs(off - by) < 1e-4),
            "compare it term by term with the formula",
        )
        assert abs(off) < 1e-5 * (1 + abs(math.log(density))), (
            f"row {i}, class {k}: multiplied out the density is exp({math.log(density):.5f}), got {float(got[i, k]):.5f}: {hint}"
        )
assert joint_log_prob(X + 1e3, prior, mean, var).isfinite().all(), (
    "far away each density is 0 in floating point: write its logarithm directly, without exp"
)

# %% hidden="joint_log_prob" points=2
# Hidden check, 2 points: 500 features, where every product of densities is 0; one row; float32; a
# row far from all classes.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, K, d, dtype, tolerance in (
    (3, 2, 500, torch.float64, 1e-6),
    (1, 4, 1, torch.float64, 1e-6),
    (20, 3, 5, torch.float32, 1e-4),
):
    X = 3 * torch.randn(n, d, generator=g, dtype=dtype)
    if n > 1:
        X[0] += 500.0
    prior = torch.softmax(torch.randn(K, generator=g, dtype=dtype), 0)
    mean = torch.randn(K, d, generator=g, dtype=dtype)
    var = 0.2 + 3 * torch.rand(K, d, generator=g, dtype=dtype)
    wanted = torch.stack(
        [Normal(mean[k], var[k].sqrt()).log_prob(X).sum(1) + prior[k].log() for k in range(K)],
        dim=1,
    )
    assert_close(
        joint_log_prob(X, prior, mean, var),
        wanted,
        rtol=tolerance,
        atol=tolerance,
        check_dtype=False,
        msg=f"wrong for n={n}, K={K}, d={d}",
    )

# %% [markdown]
# ### Exercise 9 · Bayes' rule, in log space
#
# *difficulty 3 of 5 · importance 5 of 5 · 15 minutes*
#
# $$\log P(Y=k\mid x) = \log p(x, Y=k) - \log\sum_{l} p(x, Y=l).$$
#
# The sum in the last term is $p(x)$: what a generative model knows and a discriminative one never
# asks. Very far from all classes every $p(x, Y=l)$ is zero in floating point, and yet the posterior is
# perfectly well defined.
#
# Your `joint_log_prob` gives the first term for all rows and classes; the prior is already in it.
#
# *Predict first:* $x$ lies extremely far from both classes. Must the posterior be near one half?
#
# <details><summary>Hint 1</summary>
#
# Do not leave log space. The sum of exponentials has a stable form.
# </details>
# <details><summary>Hint 2</summary>
#
# `torch.logsumexp`, over the classes; or take off each row's largest entry first.
# </details>

# %% answer="posterior_log_prob"
from dgm.naive_bayes import posterior_log_prob  # exercise

# %% check="posterior_log_prob" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
X = torch.randn(5, 2, generator=g, dtype=torch.float64)
prior = torch.tensor([0.2, 0.3, 0.5], dtype=torch.float64)
mean = torch.randn(3, 2, generator=g, dtype=torch.float64)
var = 0.5 + torch.rand(3, 2, generator=g, dtype=torch.float64)
got = posterior_log_prob(X, prior, mean, var)
assert isinstance(got, Tensor), f"wanted a tensor, got {type(got).__name__}: is the return there?"
assert got.shape == (5, 3), f"wanted shape (5, 3), got {tuple(got.shape)}"
likelihood = torch.stack(
    [Normal(mean[k], var[k].sqrt()).log_prob(X).sum(1).exp() for k in range(3)], dim=1
)


def bayes(weight: Tensor) -> Tensor:
    return likelihood * weight / (likelihood * weight).sum(1, keepdim=True)


assert not torch.allclose(got.double(), bayes(prior), rtol=1e-4), (
    "these are the probabilities; wanted their logarithms"
)
assert (got <= 1e-5).all(), "these are logarithms of probabilities: none may be above 0"
assert_close(
    got.exp().sum(1),
    torch.ones(5, dtype=torch.float64),
    check_dtype=False,
    rtol=0,
    atol=1e-5,
    msg=f"the classes' probabilities should add up to 1 in each row (over columns); the rows add up to {got.exp().sum(1).tolist()}",
)
hint = "compare it with Bayes' rule"
if torch.allclose(got.exp().double(), bayes(torch.ones(3, dtype=torch.float64)), rtol=1e-4):
    hint = "the prior is missing"
elif torch.allclose(got.exp().double(), bayes(prior**2), rtol=1e-4):
    hint = "the prior is counted twice: joint_log_prob has it already"
assert_close(
    got.exp(),
    bayes(prior),
    check_dtype=False,
    rtol=1e-5,
    atol=1e-5,
    msg=f"wanted the probabilities {bayes(prior)[0].tolist()} in row 0, got {got[0].exp().tolist()}: {hint}",
)
far = posterior_log_prob(X + 1e4, prior, mean, var)
assert far.isfinite().all(), (
    "far from all classes the joint is exp(-1e8), that is 0: stay in log space"
)

# %% hidden="posterior_log_prob" points=2
# Hidden check, 2 points: 800 features, extreme distances, a known closed form.
SEED = 0
g = torch.Generator().manual_seed(SEED)
d = 800
X = torch.randn(4, d, generator=g, dtype=torch.float64)
prior = torch.tensor([0.7, 0.1, 0.2], dtype=torch.float64)
mean = 0.05 * torch.randn(3, d, generator=g, dtype=torch.float64)
var = torch.ones(3, d, dtype=torch.float64) * 0.5
scores = X @ mean.T / 0.5 - (mean**2).sum(1) / (2 * 0.5) + prior.log()  # what depends on the class
wanted = scores - torch.logsumexp(scores, 1, keepdim=True)
assert_close(
    posterior_log_prob(X, prior, mean, var),
    wanted,
    check_dtype=False,
    rtol=1e-3,
    atol=1e-3,
    msg="wrong for 800 features",
)
X = torch.tensor([[1e5], [-1e5]], dtype=torch.float64)
mean, var = (
    torch.tensor([[-1.0], [1.0]], dtype=torch.float64),
    torch.ones(2, 1, dtype=torch.float64),
)
got = posterior_log_prob(X, torch.tensor([0.5, 0.5], dtype=torch.float64), mean, var)
assert_close(
    got,
    torch.tensor([[-2e5, 0.0], [0.0, -2e5]], dtype=torch.float64),
    check_dtype=False,
    rtol=5e-3,
    atol=1e-3,
    msg="wrong far from all classes",
)

# %% [markdown]
# ### Exercise 10 · Draw from the joint
#
# *difficulty 3 of 5 · importance 5 of 5 · 15 minutes*
#
# This is what makes the model *generative*. It takes two lines of mathematics:
#
# 1. draw a class $y \sim \pi$, for each sample anew;
# 2. draw $x \sim \mathcal N(\mu_y, \operatorname{diag}\sigma^2_y)$.
#
# All chance comes from `generator`, so that the same generator state gives the same samples.
#
# *Predict first:* can you draw from logistic regression in the same way? Why not?
#
# <details><summary>Hint 1</summary>
#
# `torch.multinomial` draws classes. `mean[y]` picks, for each sample, its class's means.
# </details>
# <details><summary>Hint 2</summary>
#
# A sample is mean + *standard deviation* × noise, with its own noise for each feature. Hand
# `generator=generator` to every function that draws.
# </details>

# %% answer="sample_joint"
from dgm.naive_bayes import sample_joint  # exercise

# %% check="sample_joint" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
prior = torch.tensor([0.15, 0.85], dtype=torch.float64)
mean = torch.tensor([[-4.0, 0.0, 1.0], [4.0, 2.0, 1.0]], dtype=torch.float64)
var = torch.tensor([[0.25, 9.0, 1.0], [4.0, 0.04, 2.0]], dtype=torch.float64)
n = 20000
before = mean.clone(), var.clone()
X, y = sample_joint(n, prior, mean, var, generator=g)
assert X.shape == (n, 3) and y.shape == (n,), (
    f"wanted X (n, d) and y (n,), got {tuple(X.shape)} and {tuple(y.shape)}"
)
assert not y.is_floating_point(), "labels are whole numbers: y is int64"
assert torch.equal(mean, before[0]) and torch.equal(var, before[1]), (
    "your function changed mean or var, which are the caller's: work on a copy"
)
share = (y == 0).double().mean()
assert abs(share - 0.15) < 6 * math.sqrt(0.15 * 0.85 / n), (
    f"class 0 should come up with probability 0.15, came up {share:.3f}"
)
neighbours = torch.corrcoef(torch.stack([y[1:], y[:-1]]).double())[0, 1]
assert abs(neighbours) < 6 / math.sqrt(n - 1), (
    "the classes come in an order: draw one for each sample anew"
)
for k in (0, 1):
    rows = X[y == k].double()
    assert (rows.std(0) > 1e-9).all(), (
        f"a feature is the same in all samples of class {k}: draw noise for each sample"
    )
    off = (rows.mean(0) - mean[k]) / rows.std(0) * math.sqrt(len(rows))
    hint = (
        ", the mean of all classes: pick mean[y] with the y that you return"
        if (rows.mean(0) - prior @ mean).abs().max() < 0.4
        else ""
    )
    assert off.abs().max() < 6, (
        f"class {k} should have mean {mean[k].tolist()}, has {rows.mean(0).tolist()}{hint}"
    )
    ratio = rows.var(0) / var[k]
    hint = (
        ": did you scale the noise by the variance?"
        if (ratio / var[k] - 1).abs().max() < 0.2
        else ""
    )
    assert (ratio - 1).abs().max() < 6 * math.sqrt(2 / len(rows)), (
        f"class {k} should have variance {var[k].tolist()}, has {rows.var(0).tolist()}{hint}"
    )
    correlation = torch.corrcoef(rows.T) - torch.eye(3)
    assert correlation.abs().max() < 6 / math.sqrt(len(rows)), (
        "the features of a class are correlated: draw noise for each feature too"
    )
same = [torch.Generator().manual_seed(SEED + 1) for _ in range(2)]
(again, labels), (twice, labels_too) = (
    sample_joint(200, prior, mean, var, generator=s) for s in same
)
assert torch.equal(again, twice) and torch.equal(labels, labels_too), (
    "the same generator state gave other samples: pass generator=generator to all that draws"
)
assert not torch.equal(sample_joint(200, prior, mean, var, generator=same[0])[0], again), (
    "a second call gave the same samples: set no seed inside, and draw from the generator itself"
)

# %% hidden="sample_joint" points=2
# Hidden check, 2 points: independent features, classes in random order and number, other sizes.
SEED = 0
g = torch.Generator().manual_seed(SEED)
K, d, n = 4, 3, 8000
prior = torch.tensor([0.4, 0.1, 0.2, 0.3], dtype=torch.float64)
mean = 3 * torch.randn(K, d, generator=g, dtype=torch.float64)
var = 0.1 + 4 * torch.rand(K, d, generator=g, dtype=torch.float64)
X, y = sample_joint(n, prior, mean, var, generator=g)
assert X.shape == (n, d) and y.shape == (n,), "shapes"
assert not y.is_floating_point() and set(y.tolist()) == set(range(K)), "labels 0..K-1"
for k in range(K):
    rows = X[y == k].double()
    share = len(rows) / n
    assert abs(share - prior[k]) < 6 * math.sqrt(prior[k] * (1 - prior[k]) / n), (
        "shares of the classes"
    )
    off = (rows.mean(0) - mean[k]) / (var[k] / len(rows)).sqrt()
    assert off.abs().max() < 6, "means"
    assert (rows.var(0) / var[k] - 1).abs().max() < 6 * math.sqrt(2 / len(rows)), "variances"
    correlation = torch.corrcoef(rows.T) - torch.eye(d)
    assert correlation.abs().max() < 6 / math.sqrt(len(rows)), (
        "the features are independent given the class"
    )
noise = (X.double() - mean[y]) / var[y].sqrt()
# Kolmogorov's distance to the Gaussian; a right answer exceeds 3.2 / sqrt(n d) once in 4e8 runs
ranks = torch.special.ndtr(noise).flatten().sort().values - torch.arange(n * d) / (n * d)
assert max(ranks.max(), 1 / (n * d) - ranks.min()) < 3.2 / math.sqrt(n * d), "the noise is Gaussian"
assert ((noise[1:] * noise[:-1]).mean(0).abs() < 6 / math.sqrt(n - 1)).all(), (
    "the samples are independent"
)
assert abs(torch.corrcoef(torch.stack([y[1:], y[:-1]]).double())[0, 1]) < 6 / math.sqrt(n - 1), (
    "the classes come in random order"
)
counts = {int((sample_joint(50, prior, mean, var, generator=g)[1] == 0).sum()) for _ in range(40)}
assert len(counts) > 2, "the number of samples of a class is a matter of chance too"
X, y = sample_joint(7, prior, mean, var)
assert X.shape == (7, d) and y.shape == (7,), "without a generator"

# %% [markdown]
# ### Exercise 11 · The bridge between the two routes
#
# *difficulty 4 of 5 · importance 4 of 5 · 25 minutes*
#
# Take two classes and shared variances, $\sigma^2_{0j}=\sigma^2_{1j}=\sigma^2_j$. Write down naive
# Bayes' log-odds. The squares $x_j^2$ cancel, and what is left is *linear in $x$*:
#
# $$\log\frac{P(Y=1\mid x)}{P(Y=0\mid x)} = b + \sum_j w_j x_j .$$
#
# So naive Bayes with shared variances **is** a logistic model. Work out $w$ and $b$ on paper, then
# write them down. `var` has two equal rows.
#
# *Predict first:* two features that are copies of each other. What does naive Bayes do with them,
# and what does logistic regression?
#
# <details><summary>Hint 1</summary>
#
# $-(x-\mu_1)^2 + (x-\mu_0)^2 = 2x(\mu_1-\mu_0) - \mu_1^2 + \mu_0^2$.
# </details>
# <details><summary>Hint 2</summary>
#
# $b$ collects all that has no $x$ in it: the squares of the means, and the log of the ratio of
# the priors.
# </details>

# %% answer="logistic_coefficients"
from dgm.naive_bayes import logistic_coefficients  # exercise

# %% check="logistic_coefficients" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
prior = torch.tensor([0.8, 0.2], dtype=torch.float64)
mean = torch.randn(2, 3, generator=g, dtype=torch.float64)
var = (0.5 + torch.rand(3, generator=g, dtype=torch.float64)).repeat(2, 1)
before = mean.clone(), var.clone()
coef, intercept = logistic_coefficients(prior, mean, var)
assert coef.shape == (3,), f"one coefficient for each feature: wanted (3,), got {tuple(coef.shape)}"
intercept = torch.as_tensor(intercept).double()
assert intercept.numel() == 1, (
    f"one intercept: sum over the features; got shape {tuple(intercept.shape)}"
)
assert torch.equal(mean, before[0]) and torch.equal(var, before[1]), (
    "your function changed mean or var, which are the caller's: work on a copy"
)
X = torch.cat([torch.zeros(1, 3), torch.eye(3)]).double()
joint = torch.stack(
    [Normal(mean[k], var[k].sqrt()).log_prob(X).sum(1) + prior[k].log() for k in (0, 1)], dim=1
)
odds = (
    joint[:, 1] - joint[:, 0]
)  # at x = 0 and at the unit vectors: a linear function is known from them
wanted, ratio = odds[1:] - odds[0], float((prior[1] / prior[0]).log())
hint = "what multiplies x_j, once the squares have cancelled?"
for factor, words in (
    (-1, "these are the log-odds of class 0, or a sign is wrong"),
    (0.5, "half of it: the 2 of 2 x (mean_1 - mean_0)? both rows of var added up?"),
    (2, "twice too large: the half before the square?"),
):
    if torch.allclose(coef.double(), factor * wanted, rtol=1e-4):
        hint = words
assert_close(
    coef,
    wanted,
    rtol=1e-5,
    atol=1e-5,
    check_dtype=False,
    msg=f"coef should be {wanted.tolist()}, got {coef.tolist()}: {hint}",
)
off, squares = float(intercept - odds[0]), float(odds[0]) - ratio
hint = "it is the log-odds at x = 0"
for by, words in (
    (-ratio, "the prior is missing"),
    (-2 * ratio, "the ratio of the priors is upside down"),
    (math.exp(ratio) - ratio, "the ratio of the priors without its logarithm"),
    (2 * ratio, "the prior is counted once for each feature"),
    (squares, "the half before the squares is missing"),
    (-2 * squares, "the squares of the means have the wrong sign"),
):
    if abs(off - by) < 1e-4:
        hint = words
assert abs(off) < 1e-5 * (1 + abs(float(odds[0]))), (
    f"intercept should be {float(odds[0]):.5f}, got {float(intercept):.5f}: {hint}"
)

# %% hidden="logistic_coefficients" points=2
# Hidden check, 2 points: one feature, many features, very different variances.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for d in (1, 6, 40):
    prior = torch.softmax(torch.randn(2, generator=g, dtype=torch.float64), 0)
    mean = 2 * torch.randn(2, d, generator=g, dtype=torch.float64)
    var = torch.exp(torch.randn(d, generator=g, dtype=torch.float64)).expand(2, d).clone()
    coef, intercept = logistic_coefficients(prior, mean, var)
    intercept = torch.as_tensor(intercept).double()
    assert coef.shape == (d,) and intercept.numel() == 1, "shapes"
    X = torch.randn(5, d, generator=g, dtype=torch.float64)
    joint = torch.stack(
        [Normal(mean[k], var[k].sqrt()).log_prob(X).sum(1) + prior[k].log() for k in (0, 1)], dim=1
    )
    assert_close(
        X @ coef.double() + intercept,
        joint[:, 1] - joint[:, 0],
        rtol=1e-5,
        atol=1e-3,
        check_dtype=False,
        msg=f"wrong for {d} features",
    )

# %% [markdown]
# ## The payoff
#
# ### Digits that nobody wrote
#
# Your functions, on the 8×8 digits that come with scikit-learn. The upper row is data. The lower
# row is drawn from your joint distribution: a class first, then its pixels.

# %% demo=true
images, digit = load("digits")
pixels = images.flatten(1).double()  # (n, 64)
prior, mean, var = class_statistics(pixels, digit, 10)
made, made_of = sample_joint(
    400, prior, mean, var + 1e-4, generator=torch.Generator().manual_seed(3)
)
figure, axes = plt.subplots(2, 10, figsize=(8, 1.9))
for k in range(10):
    for axis, picture in (
        (axes[0, k], images[digit == k][0, 0]),
        (axes[1, k], made[made_of == k][0].view(8, 8)),
    ):
        axis.imshow(picture, cmap="gray_r", vmin=-1, vmax=1)
        axis.axis("off")
axes[0, 0].set_title("data", loc="left", fontsize=9)
axes[1, 0].set_title("drawn from naive Bayes", loc="left", fontsize=9)
plt.show()

# %% [markdown]
# You can often tell which digit was meant, but each pixel is drawn without looking at its neighbours:
# that is what *naive* means. The rest of this course is about models that look.
#
# ### Who learns faster?
#
# Digit 2 against digit 3, with more and more training data, 20 random splits each. Dots are
# mean errors on held-out data.

# %% demo=true
two_three = (digit == 2) | (digit == 3)
X = torch.cat([torch.ones(int(two_three.sum()), 1).double(), pixels[two_three]], dim=1)
y = (digit[two_three] == 3).long()
sizes, g = (8, 16, 32, 64, 128), torch.Generator().manual_seed(0)
penalty = torch.cat([torch.zeros(1), torch.full((64,), 0.1)]).double()
errors = {"logistic regression": [], "naive Bayes": []}
for size in sizes:
    wrong = torch.zeros(2)
    for _ in range(20):
        order = torch.randperm(len(y), generator=g)
        halves = [order[y[order] == k] for k in (0, 1)]  # as many of each class
        train = torch.cat([half[: size // 2] for half in halves])
        test = torch.cat([half[size // 2 :] for half in halves])
        theta = fit(X[train], y[train], penalty)
        wrong[0] += ((X[test] @ theta > 0) != y[test]).double().mean() / 20
        prior, mean, var = class_statistics(X[train, 1:], y[train], 2, shared_variance=True)
        guess = posterior_log_prob(X[test, 1:], prior, mean, var + 1e-2).argmax(1)
        wrong[1] += (guess != y[test]).double().mean() / 20
    for name, value in zip(errors, wrong):
        errors[name].append(value)
for name, values in errors.items():
    plt.plot(sizes, values, "o-", label=name)
plt.xscale("log", base=2)
plt.xlabel("training rows")
plt.ylabel("error on held-out rows")
plt.legend()
plt.show()

# %% [markdown]
# ## Break it
#
# The fit below has no penalty, and its two classes can be separated by a line. Run it. Then say
# why the second coefficient grows without end, and what exercise 4 has to do with the cure.

# %% demo=true
X = torch.tensor([[1.0, -2.0], [1.0, -1.0], [1.0, 1.0], [1.0, 2.0]], dtype=torch.float64)
y = torch.tensor([0, 0, 1, 1])
theta = torch.zeros(2, dtype=torch.float64)
for step in range(1, 10001):
    theta = theta + gradient(theta, X, y)
    if step in (1, 10, 100, 1000, 10000):
        print(f"step {step:>5}: theta = {theta.tolist()}")

# %% [markdown]
# <details><summary>Why</summary>
#
# With every label right, making $\theta$ longer makes each right answer surer and costs nothing,
# so the likelihood grows for ever and has no maximum. A Gaussian prior makes long $\theta$
# improbable: the sum of the two has a top. That is why `LogisticRegression(l2=0)` warns on such
# data.
# </details>
#
# ## Questions to think about
#
# <details><summary>1. Both routes give P(Y | x). Why would anyone model P(x) as well?</summary>
#
# To sample, to notice inputs unlike all others, to cope with missing features (leave their factor
# out of the product), and, often, to learn from fewer rows.
# </details>
# <details><summary>2. Naive Bayes with shared variances is a logistic model. Why do the two fits differ?</summary>
#
# They maximise different things over the same family: naive Bayes the joint likelihood, logistic
# regression the conditional one. The two agree in the limit if the whole model is true: Gaussian, independent
# features, and variances that the classes share.
# </details>
# <details><summary>3. With one variance per class, what shape has the boundary?</summary>
#
# The squares no longer cancel: a quadric. In two dimensions, as a rule, an ellipse, a
# parabola or a hyperbola.
# </details>
#
# **Harder, no points.** Replace the Gaussian by a Bernoulli for each pixel above or below zero.
# What changes in exercises 7 to 10? Is the posterior still logistic?
