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
# check runs when you hand in: other inputs, other shapes. To run all visible checks at once, type
# `make check NOTEBOOK=` and the path of this notebook.

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
p = sigmoid(z)
assert p is not None, "sigmoid returned None: did you forget `return`?"
assert p.shape == z.shape, f"wanted one probability for each z: {tuple(z.shape)}, got {tuple(p.shape)}"
assert (sigmoid(-z.abs()) <= 0.5).all(), "a negative z must give less than 1/2: check the sign in the exponent"
assert_close(torch.log(p / (1 - p)), z, rtol=1e-6, atol=1e-6, check_dtype=False,
             msg="log(p / (1 - p)) should give z back, and does not")
far = sigmoid(torch.tensor([-1000.0, 1000.0], dtype=torch.float64))
assert not far.isnan().any(), "NaN in the tails: inf / inf? Keep the exponent at or below 0"
assert far[0] <= 1e-9 and far[1] >= 1 - 1e-9, f"sigmoid(-1000), sigmoid(1000) should be 0 and 1, got {far.tolist()}"

# %% hidden="sigmoid" points=2
# Hidden check, 2 points: numbers without dimensions, tables, float32, and the tails of each.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for dtype, tolerance in ((torch.float64, 1e-9), (torch.float32, 1e-5)):
    for shape in ((), (4, 3), (2, 3, 4)):
        z = 4 * torch.randn(shape, generator=g, dtype=dtype)
        wanted = 0.5 + 0.5 * torch.tanh(z / 2)
        assert_close(sigmoid(z), wanted, rtol=tolerance, atol=tolerance, check_dtype=False,
                     msg=f"wrong for a tensor of shape {shape}")
    z = torch.tensor([-1e4, -800.0, -100.0, 0.0, 100.0, 800.0, 1e4], dtype=dtype)
    wanted = torch.tensor([0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0], dtype=dtype)
    assert_close(sigmoid(z), wanted, rtol=0, atol=1e-9, check_dtype=False, msg="wrong in the tails")

# %% [markdown]
# ### Exercise 2 · The log-likelihood
#
# *difficulty 2 of 5 · importance 5 of 5 · 15 minutes*
#
# How probable does $\theta$ make the labels that we saw? The rows are independent, so the
# probabilities multiply and their logarithms add:
#
# $$\ell(\theta) = \sum_{i=1}^{n} y_i\log\sigma(z_i) + (1-y_i)\log\bigl(1-\sigma(z_i)\bigr),
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
at_zero = float(log_likelihood(torch.zeros(3, dtype=torch.float64), X, y))
assert abs(at_zero + 20 * math.log(2)) < 1e-6, (
    f"at theta = 0 each of the 20 rows adds -log 2, in all -13.8629; got {at_zero:.4f}. "
    "A mean in place of the sum? A sign?")
by_hand = 0.0
for row, label in zip(X, y):
    z = sum(a * b for a, b in zip(row.tolist(), theta.tolist()))
    by_hand += -math.log(1 + math.exp(-z)) if label == 1 else -math.log(1 + math.exp(z))
got = float(log_likelihood(theta, X, y))
assert abs(got - by_hand) < 1e-6, f"row by row it is {by_hand:.6f}, got {got:.6f}: are y and 1 - y the right way round?"
X = torch.tensor([[1000.0], [-1000.0]], dtype=torch.float64)
one = torch.ones(1, dtype=torch.float64)
far = float(log_likelihood(one, X, torch.tensor([0, 1])))
assert math.isfinite(far), f"at log-odds of 1000 the log-likelihood is {far}: take the log of the sigmoid in one step"
assert abs(far + 2000) < 1e-6, f"two rows, each wrong by log-odds of 1000: wanted -2000, got {far}"

# %% hidden="log_likelihood" points=2
# Hidden check, 2 points: other sizes, one row, float32, labels of type float, both tails.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, d, dtype, tolerance in ((1, 1, torch.float64, 1e-8), (7, 12, torch.float64, 1e-8), (200, 5, torch.float32, 1e-3)):
    X = torch.randn(n, d, generator=g, dtype=dtype)
    theta = 2 * torch.randn(d, generator=g, dtype=dtype)
    y = (torch.rand(n, generator=g) < 0.6).to(dtype)
    wanted = -float(binary_cross_entropy_with_logits(X @ theta, y, reduction="sum"))
    for labels in (y, y.long()):
        got = float(log_likelihood(theta, X, labels))
        assert abs(got - wanted) <= tolerance * max(1, abs(wanted)), f"wrong for X of shape {(n, d)}"
X = torch.tensor([[1000.0], [-1000.0], [750.0]], dtype=torch.float64)
one = torch.ones(1, dtype=torch.float64)
assert abs(float(log_likelihood(one, X, torch.tensor([1, 0, 1])))) < 1e-6, "sure and right: adds 0"
assert abs(float(log_likelihood(one, X, torch.tensor([0, 1, 0]))) + 2750) < 1e-6, "sure and wrong: adds -|z|"

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
theta = torch.randn(4, generator=g, dtype=torch.float64, requires_grad=True)
y = (torch.rand(30, generator=g) < 0.5).long()
loss = binary_cross_entropy_with_logits(X @ theta, y.double(), reduction="sum")
(wanted,) = torch.autograd.grad(-loss, theta)  # the log-likelihood is minus this loss
got = gradient(theta.detach(), X, y)
assert got.shape == (4,), f"one slope for each theta: wanted shape (4,), got {tuple(got.shape)}"
assert not torch.allclose(got.double(), -wanted), "the sign is turned: this is the slope of the loss, not of the log-likelihood"
assert not torch.allclose(got.double() * 30, wanted), "a mean over rows; the log-likelihood is a sum"
assert_close(got, wanted, rtol=1e-6, atol=1e-6, check_dtype=False, msg=f"autograd says {wanted.tolist()}, got {got.tolist()}")

# %% hidden="gradient" points=2
# Hidden check, 2 points: fewer rows than features, one row, float32, log-odds of 1000.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, d, dtype, tolerance in ((3, 8, torch.float64, 1e-8), (1, 1, torch.float64, 1e-8), (100, 6, torch.float32, 1e-3)):
    X = torch.randn(n, d, generator=g, dtype=dtype)
    theta = torch.randn(d, generator=g, dtype=dtype, requires_grad=True)
    y = (torch.rand(n, generator=g) < 0.4).long()
    loss = binary_cross_entropy_with_logits(X @ theta, y.to(dtype), reduction="sum")
    (wanted,) = torch.autograd.grad(-loss, theta)
    assert_close(gradient(theta.detach(), X, y), wanted, rtol=tolerance, atol=tolerance, check_dtype=False,
                 msg=f"wrong for X of shape {(n, d)}")
X = torch.tensor([[1000.0], [-1000.0]], dtype=torch.float64)
one = torch.ones(1, dtype=torch.float64)
got = gradient(one, X, torch.tensor([0, 1]))
assert_close(got, torch.tensor([-2000.0], dtype=torch.float64), rtol=1e-6, atol=1e-6, check_dtype=False, msg="wrong at log-odds of 1000")

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
# `penalty` holds $\lambda$, one number for each coefficient: 0 for the intercept, whose prior is
# flat.
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


def prior_of(theta):  # the last three have a Gaussian prior, the intercept a flat one
    return float(Normal(0.0, penalty[1:].rsqrt()).log_prob(theta[1:]).sum())


# A difference between two thetas: the constant that we may leave out is not in it.
wanted = fit_of(a) + prior_of(a) - fit_of(b) - prior_of(b)
got = float(log_posterior(a, X, y, penalty)) - float(log_posterior(b, X, y, penalty))
twice = wanted + (prior_of(a) - prior_of(b))
assert abs(got - (fit_of(a) - fit_of(b))) > 1e-9, "the penalty has no effect"
assert abs(got - twice) > 1e-6, "the penalty counts twice as much as it should: is the half there?"
assert abs(got - wanted) < 1e-6, f"between two thetas it should change by {wanted:.6f}, got {got:.6f}: sign? half? variance or its inverse?"

# %% hidden="log_posterior" points=1
# Hidden check, 1 point: other sizes, all penalties 0, a large penalty on one coefficient.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, d in ((4, 6), (60, 2)):
    X = torch.randn(n, d, generator=g, dtype=torch.float64)
    y = (torch.rand(n, generator=g) < 0.5).long()
    a, b = 2 * torch.randn(2, d, generator=g, dtype=torch.float64)
    for penalty in (torch.zeros(d).double(), 3 * torch.rand(d, generator=g).double(), 100.0 * torch.eye(d)[0].double()):
        wanted = 0.0
        for theta, sign in ((a, 1), (b, -1)):
            loss = binary_cross_entropy_with_logits(X @ theta, y.double(), reduction="sum")
            wanted -= sign * float(loss + 0.5 * torch.dot(penalty, theta * theta))
        got = float(log_posterior(a, X, y, penalty)) - float(log_posterior(b, X, y, penalty))
        assert abs(got - wanted) <= 1e-8 * max(1, abs(wanted)), f"wrong for X of shape {(n, d)}"

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
    return binary_cross_entropy_with_logits(X @ theta, y, reduction="sum") + (penalty * theta**2).sum() / 2


wanted = torch.autograd.functional.hessian(objective, theta)
got = information(theta, X, penalty)
assert got.shape == (3, 3), f"a (d, d) matrix is wanted, (3, 3) here; got {tuple(got.shape)}"
assert not torch.allclose(got.double(), -wanted), "the sign is turned: H is *minus* the second derivative of the log-posterior"
assert not torch.allclose(got.double(), wanted - penalty.diag()), "the penalty is missing on the diagonal"
assert_close(got, wanted, rtol=1e-6, atol=1e-6, check_dtype=False, msg="autograd's Hessian is another matrix: is each row's weight p (1 - p)?")

# %% hidden="information" points=2
# Hidden check, 2 points: other sizes, fewer rows than features, float32, log-odds of 1000.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, d, dtype, tolerance in ((2, 5, torch.float64, 1e-8), (5000, 2, torch.float64, 1e-8), (40, 7, torch.float32, 1e-3)):
    X = torch.randn(n, d, generator=g, dtype=dtype)
    theta = torch.randn(d, generator=g, dtype=dtype)
    penalty = torch.rand(d, generator=g, dtype=dtype)
    wanted = torch.zeros(d, d, dtype=dtype)
    for x in X[:50]:
        p = torch.special.expit(x @ theta)
        wanted += p * (1 - p) * torch.outer(x, x)
    got = information(theta, X[:50], penalty)
    assert_close(got, wanted + torch.diag(penalty), rtol=tolerance, atol=tolerance, check_dtype=False, msg=f"wrong for {(n, d)}")
    if n > 50:  # many rows: an (n, n) matrix would be wasteful, not wrong
        whole = information(theta, X, penalty)
        parts = information(theta, X[:50], penalty) + information(theta, X[50:], 0 * penalty)
        assert_close(whole, parts, rtol=1e-8, atol=1e-8, check_dtype=False, msg="wrong for many rows")
X = torch.tensor([[1000.0], [-1000.0]], dtype=torch.float64)
one = torch.ones(1, dtype=torch.float64)
got = information(one, X, one)
assert_close(got, torch.ones(1, 1, dtype=torch.float64), rtol=1e-6, atol=1e-6, check_dtype=False, msg="wrong at log-odds of 1000")

# %% [markdown]
# ### Exercise 6 · Fit
#
# *difficulty 4 of 5 · importance 5 of 5 · 30 minutes*
#
# Now climb. There is no formula for the maximum, but the hill has one top, so **any method that
# arrives there is a right answer**: gradient ascent with enough small steps, Newton's method, or
# an optimiser of PyTorch. At the top the slope of the log-posterior is zero.
#
# Newton's method is the classic. From $\theta=0$, repeat:
#
# 1. slope: $s = \nabla\ell(\theta) - \lambda\theta$;
# 2. step: solve $H(\theta)\,\Delta = s$;
# 3. if $\theta+\Delta$ lies lower than $\theta$, halve $\Delta$ until it does not;
# 4. $\theta \leftarrow \theta + \Delta$; stop when $\Delta$ no longer matters.
#
# `solve(A, b)` is given: it solves $A\Delta=b$, also where `A` is singular. `warn_no_maximum`
# is given too; your answer may do without it.
#
# *Predict first:* Newton's method on this problem takes about 6 steps. How many would gradient
# ascent take: 60, 600, 6000?
#
# <details><summary>Hint 1</summary>
#
# A slope that is summed over many rows is large. Gradient ascent needs a step size of about
# 4 divided by the largest eigenvalue of $X^\top X$, no more.
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
truth = torch.tensor([0.5, 1.0, -1.5], dtype=torch.float64)
y = (torch.rand(300, generator=g).double() < torch.special.expit(X @ truth)).long()
penalty = torch.tensor([0.0, 10.0, 10.0], dtype=torch.float64)
theta = fit(X, y, penalty)
assert theta is not None, "fit returned None: did you forget `return`?"
assert theta.shape == (3,), f"wanted theta of shape (3,), got {tuple(theta.shape)}"
assert not theta.isnan().any(), "NaN in theta: the steps grew. Halve them when the objective falls"
slope = X.T @ (y - torch.special.expit(X @ theta.double())) - penalty * theta
assert slope.abs().max() < 0.05, (
    f"not at the top: the slope there should be 0, it is {slope.tolist()}. "
    "More steps? Is the penalty in the slope? Does it leave the intercept alone?")

# %% hidden="fit" points=2
# Hidden check, 2 points: against scikit-learn, with and without a penalty, other sizes.
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
    assert_close(fit(X, y, penalty), wanted, rtol=2e-3, atol=2e-3, check_dtype=False, msg=f"not the maximum for X of shape {(n, d + 1)}, l2={l2}")

# %% [markdown]
# **What you have.** Below is your classifier on two clouds of points. Colour is the probability of
# the right-hand class; the black line is where it says one half. Turn `strength` up and down: what
# does the prior do to the line, and what to the colours?

# %% demo=true
strength = 1.0
g = torch.Generator().manual_seed(1)
clouds = torch.cat([torch.randn(80, 2, generator=g) - 1, torch.randn(80, 2, generator=g) + 1]).double()
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
# 3. $\sigma^2_{kj}$ is the mean of $(x_{ij}-\mu_{kj})^2$ over these rows, divided by $n_k$, not
#    $n_k-1$;
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
prior, mean, var = class_statistics(X, y, 2)
assert prior.shape == (2,) and mean.shape == (2, 3) and var.shape == (2, 3), (
    f"wanted shapes (2,), (2, 3), (2, 3); got {tuple(prior.shape)}, {tuple(mean.shape)}, {tuple(var.shape)}")
assert_close(prior, torch.tensor([0.2, 0.8], dtype=torch.float64), check_dtype=False, rtol=0, atol=1e-6, msg=f"8 and 32 of 40 rows: wanted 0.2 and 0.8, got {prior.tolist()}")
for k in (0, 1):
    rows = X[y == k].tolist()
    for j in range(3):
        column = [row[j] for row in rows]
        m = sum(column) / len(column)
        v = sum((value - m) ** 2 for value in column) / len(column)
        assert abs(float(mean[k, j]) - m) < 1e-6, f"mean[{k}, {j}] should be {m:.4f}, got {float(mean[k, j]):.4f}"
        assert abs(float(var[k, j]) - v * len(column) / (len(column) - 1)) > 1e-9, "divided by n - 1; maximum likelihood divides by n"
        assert abs(float(var[k, j]) - v) < 1e-6, f"var[{k}, {j}] should be {v:.4f}, got {float(var[k, j]):.4f}: a standard deviation?"
_, _, shared = class_statistics(X, y, 2, shared_variance=True)
assert shared.shape == (2, 3) and torch.equal(shared[0], shared[1]), "a shared variance has two equal rows"
inside = torch.stack([X[y == 0].var(0, correction=0), X[y == 1].var(0, correction=0)])
assert not torch.allclose(shared[0].double(), inside.mean(0)), "the classes differ in size: weigh their variances by the prior"
assert_close(shared[0], 0.2 * inside[0] + 0.8 * inside[1], check_dtype=False, rtol=1e-6, atol=1e-6, msg="the shared variance is about each class's own mean")

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
    pooled = torch.zeros(d, dtype=torch.float64)
    for k in range(n_classes):
        rows = X[y == k]
        assert abs(float(prior[k]) - len(rows) / len(y)) < 1e-6, "prior"
        assert_close(mean[k], rows.mean(0), check_dtype=False, rtol=1e-6, atol=1e-6, msg="mean")
        assert_close(var[k], ((rows - rows.mean(0)) ** 2).mean(0), check_dtype=False, rtol=1e-6, atol=1e-6, msg="var")
        pooled += ((rows - rows.mean(0)) ** 2).sum(0) / len(y)
    for k in range(n_classes):
        assert_close(shared[k], pooled, check_dtype=False, rtol=1e-6, atol=1e-6, msg="shared variance")

# %% [markdown]
# ### Exercise 8 · The joint density
#
# *difficulty 2 of 5 · importance 4 of 5 · 15 minutes*
#
# A product of 64 small densities is zero in floating point. Its logarithm is a sum, and safe:
#
# $$\log p(x, Y=k) = \log\pi_k + \sum_{j=1}^{d}\Bigl[-\tfrac12\log(2\pi\sigma^2_{kj}) - \frac{(x_j-\mu_{kj})^2}{2\sigma^2_{kj}}\Bigr].$$
#
# Give all rows and all classes at once: the result is `(n, K)`.
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
got = joint_log_prob(X, prior, mean, var)
assert got.shape == (6, 3), f"a row for each x, a column for each class: wanted (6, 3), got {tuple(got.shape)}"
for i in range(6):
    for k in range(K):
        density = float(prior[k])
        for j in range(d):
            v = float(var[k, j])
            density *= math.exp(-((float(X[i, j]) - float(mean[k, j])) ** 2) / (2 * v)) / math.sqrt(2 * math.pi * v)
        assert abs(float(got[i, k]) - math.log(density)) < 1e-6, (
            f"row {i}, class {k}: multiplied out the density is exp({math.log(density):.5f}), got {float(got[i, k]):.5f}. "
            "The prior? The 2 pi? A variance read as a standard deviation?")

# %% hidden="joint_log_prob" points=2
# Hidden check, 2 points: 500 features, where every product of densities is 0; one row; float32.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for n, K, d, dtype, tolerance in ((3, 2, 500, torch.float64, 1e-9), (1, 4, 1, torch.float64, 1e-9), (20, 3, 5, torch.float32, 1e-4)):
    X = 3 * torch.randn(n, d, generator=g, dtype=dtype)
    prior = torch.softmax(torch.randn(K, generator=g, dtype=dtype), 0)
    mean = torch.randn(K, d, generator=g, dtype=dtype)
    var = 0.2 + 3 * torch.rand(K, d, generator=g, dtype=dtype)
    wanted = torch.stack([Normal(mean[k], var[k].sqrt()).log_prob(X).sum(1) + prior[k].log() for k in range(K)], dim=1)
    assert_close(joint_log_prob(X, prior, mean, var), wanted, rtol=tolerance, atol=tolerance, check_dtype=False, msg=f"wrong for n={n}, K={K}, d={d}")

# %% [markdown]
# ### Exercise 9 · Bayes' rule, in log space
#
# *difficulty 3 of 5 · importance 5 of 5 · 15 minutes*
#
# $$\log P(Y=k\mid x) = \log p(x, Y=k) - \log\sum_{l} p(x, Y=l).$$
#
# The sum in the last term is $p(x)$: what a generative model knows and a discriminative one never
# asks. Far from all classes every $p(x, Y=l)$ is zero in floating point, and yet the posterior is
# perfectly well defined.
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
assert got.shape == (5, 3), f"wanted shape (5, 3), got {tuple(got.shape)}"
assert (got <= 1e-9).all(), "these are logarithms of probabilities: none may be above 0"
assert_close(got.exp().sum(1), torch.ones(5, dtype=torch.float64), check_dtype=False, rtol=0, atol=1e-6, msg="the classes' probabilities should add up to 1 in each row (over columns)")
joint = torch.stack([Normal(mean[k], var[k].sqrt()).log_prob(X).sum(1).exp() * prior[k] for k in range(3)], dim=1)
assert_close(got.exp(), joint / joint.sum(1, keepdim=True), check_dtype=False, rtol=1e-6, atol=1e-6, msg="not Bayes' rule: is the prior in it?")
far = posterior_log_prob(X + 1e4, prior, mean, var)
assert far.isfinite().all(), "far from all classes the joint is exp(-1e8), that is 0: stay in log space"

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
assert_close(posterior_log_prob(X, prior, mean, var), wanted, check_dtype=False, rtol=1e-7, atol=1e-7, msg="wrong for 800 features")
X = torch.tensor([[1e5], [-1e5]], dtype=torch.float64)
mean, var = torch.tensor([[-1.0], [1.0]], dtype=torch.float64), torch.ones(2, 1, dtype=torch.float64)
got = posterior_log_prob(X, torch.tensor([0.5, 0.5], dtype=torch.float64), mean, var)
assert_close(got, torch.tensor([[-2e5, 0.0], [0.0, -2e5]], dtype=torch.float64), check_dtype=False, rtol=1e-6, atol=1e-3, msg="wrong far from all classes")

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
X, y = sample_joint(n, prior, mean, var, generator=g)
assert X.shape == (n, 3) and y.shape == (n,), f"wanted X (n, d) and y (n,), got {tuple(X.shape)} and {tuple(y.shape)}"
assert not y.is_floating_point(), "labels are whole numbers: y is int64"
share = (y == 0).double().mean()
assert abs(share - 0.15) < 5 * math.sqrt(0.15 * 0.85 / n), f"class 0 should come up with probability 0.15, came up {share:.3f}"
for k in (0, 1):
    rows = X[y == k].double()
    off = (rows.mean(0) - mean[k]) / (var[k] / len(rows)).sqrt()
    assert off.abs().max() < 5.5, f"class {k} should have mean {mean[k].tolist()}, has {rows.mean(0).tolist()}"
    ratio = rows.var(0) / var[k]
    assert (ratio - 1).abs().max() < 5.5 * math.sqrt(2 / len(rows)), (
        f"class {k} should have variance {var[k].tolist()}, has {rows.var(0).tolist()}: did you scale the noise by the variance?")
again, _ = sample_joint(9, prior, mean, var, generator=torch.Generator().manual_seed(SEED + 1))
twice, _ = sample_joint(9, prior, mean, var, generator=torch.Generator().manual_seed(SEED + 1))
assert torch.equal(again, twice), "the same generator state gave other samples: pass generator=generator to all that draws"

# %% hidden="sample_joint" points=2
# Hidden check, 2 points: independent features, classes in random order and number, other sizes.
SEED = 0
g = torch.Generator().manual_seed(SEED)
K, d, n = 4, 3, 8000
prior = torch.tensor([0.4, 0.1, 0.2, 0.3], dtype=torch.float64)
mean = 3 * torch.randn(K, d, generator=g, dtype=torch.float64)
var = 0.1 + 4 * torch.rand(K, d, generator=g, dtype=torch.float64)
X, y = sample_joint(n, prior, mean, var, generator=g)
assert X.shape == (n, d) and y.shape == (n,) and int(y.min()) == 0 and int(y.max()) == K - 1
for k in range(K):
    rows = X[y == k].double()
    share = len(rows) / n
    assert abs(share - prior[k]) < 5.5 * math.sqrt(prior[k] * (1 - prior[k]) / n), "shares of the classes"
    off = (rows.mean(0) - mean[k]) / (var[k] / len(rows)).sqrt()
    assert off.abs().max() < 5.5, "means"
    assert (rows.var(0) / var[k] - 1).abs().max() < 5.5 * math.sqrt(2 / len(rows)), "variances"
    correlation = torch.corrcoef(rows.T) - torch.eye(d)
    assert correlation.abs().max() < 5.5 / math.sqrt(len(rows)), "the features are independent given the class"
    kurtosis = ((rows - mean[k]) ** 4 / var[k] ** 2).mean()
    assert abs(kurtosis - 3) < 5.5 * math.sqrt(96 / (d * len(rows))), "the noise is Gaussian"
noise = ((X.double() - mean[y]) / var[y].sqrt())[:, 0]
assert abs((noise[1:] * noise[:-1]).mean()) < 5.5 / math.sqrt(n - 1), "the samples are independent"
assert abs(torch.corrcoef(torch.stack([y[1:].double(), y[:-1].double()]))[0, 1]) < 5.5 / math.sqrt(n - 1), "the classes come in random order"
counts = {int((sample_joint(50, prior, mean, var, generator=g)[1] == 0).sum()) for _ in range(40)}
assert len(counts) > 2, "the number of samples of a class is a matter of chance too"

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
var = (0.5 + torch.rand(3, generator=g, dtype=torch.float64)).expand(2, 3)
coef, intercept = logistic_coefficients(prior, mean, var)
assert coef.shape == (3,), f"one coefficient for each feature: wanted (3,), got {tuple(coef.shape)}"
X = torch.randn(20, 3, generator=g, dtype=torch.float64)
joint = torch.stack([Normal(mean[k], var[k].sqrt()).log_prob(X).sum(1) + prior[k].log() for k in (0, 1)], dim=1)
wanted = joint[:, 1] - joint[:, 0]
got = X @ coef.double() + intercept
assert not torch.allclose(got, -wanted), "these are the log-odds of class 0; wanted those of class 1"
assert not torch.allclose(got - wanted, (prior[0] / prior[1]).log()), "the prior is missing from the intercept"
assert_close(got, wanted, rtol=1e-6, atol=1e-6, check_dtype=False, msg="x @ coef + intercept should be naive Bayes' log-odds, and is not")

# %% hidden="logistic_coefficients" points=2
# Hidden check, 2 points: one feature, many features, very different variances.
SEED = 0
g = torch.Generator().manual_seed(SEED)
for d in (1, 6, 40):
    prior = torch.softmax(torch.randn(2, generator=g, dtype=torch.float64), 0)
    mean = 2 * torch.randn(2, d, generator=g, dtype=torch.float64)
    var = torch.exp(torch.randn(d, generator=g, dtype=torch.float64)).expand(2, d).clone()
    coef, intercept = logistic_coefficients(prior, mean, var)
    X = torch.randn(5, d, generator=g, dtype=torch.float64)
    joint = torch.stack([Normal(mean[k], var[k].sqrt()).log_prob(X).sum(1) + prior[k].log() for k in (0, 1)], dim=1)
    assert_close(X @ coef.double() + intercept, joint[:, 1] - joint[:, 0], rtol=1e-6, atol=1e-6, check_dtype=False, msg=f"wrong for {d} features")

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
made, made_of = sample_joint(400, prior, mean, var + 1e-4, generator=torch.Generator().manual_seed(3))
figure, axes = plt.subplots(2, 10, figsize=(8, 1.9))
for k in range(10):
    for axis, picture in ((axes[0, k], images[digit == k][0, 0]), (axes[1, k], made[made_of == k][0].view(8, 8))):
        axis.imshow(picture, cmap="gray_r", vmin=-1, vmax=1)
        axis.axis("off")
axes[0, 0].set_title("data", loc="left", fontsize=9)
axes[1, 0].set_title("drawn from naive Bayes", loc="left", fontsize=9)
plt.show()

# %% [markdown]
# You can tell which digit was meant, but each pixel is drawn without looking at its neighbours:
# that is what *naive* means. The rest of this course is about models that look.
#
# ### Who learns faster?
#
# Digit 2 against digit 3, with more and more training data, 20 random splits each. Dots are
# errors on held-out data.

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
# why the coefficients grow without end, and what exercise 4 has to do with the cure.

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
# regression the conditional one. The two agree in the limit if the Gaussian assumption is true.
# </details>
# <details><summary>3. With one variance per class, what shape has the boundary?</summary>
#
# The squares no longer cancel: a quadric. In two dimensions an ellipse, a parabola or a hyperbola.
# </details>
#
# **Harder, no points.** Replace the Gaussian by a Bernoulli for each pixel above or below zero.
# What changes in exercises 7 to 10? Is the posterior still logistic?
