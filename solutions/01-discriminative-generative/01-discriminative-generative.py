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
# | **Points** | {points}, in {exercises} exercises |
# | **Time** | two to three hours for you, about ten seconds for a laptop; no GPU |
#
# {how}
# Your answers need not check their input, and must leave it as it is.

# %% given="setup"
import math

import matplotlib.pyplot as plt
import torch
from torch import Tensor
from torch.distributions import Normal
from torch.nn.functional import binary_cross_entropy_with_logits

from course.checks import check
from dgm.data import load
from dgm.logistic import solve, warn_no_maximum

torch.set_num_threads(1)  # small problems are fastest on one
_ = torch.manual_seed(0)

# %% [markdown]
# Throughout, `X` is a table of `n` rows and `d` features, and `y` holds a label for each row.
# An intercept is a column of ones in `X`.
#
# ## Part A · The discriminative route
#
# ### Exercise 1.1 · The sigmoid
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

# %% hidden="sigmoid" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# `inf`: in floating point $e^{1000}$ is too large to be written. And `inf / inf` is `nan`, not 1.
# </details>
#
# ### Exercise 1.2 · The log-likelihood
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

# %% hidden="log_likelihood" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# $-n\log 2\approx-0.69\,n$. At $\theta=0$ each $z_i$ is 0, so each label, be it 0 or 1, has
# probability one half.
# </details>
#
# ### Exercise 1.3 · Its gradient
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

# %% hidden="gradient" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# Zero: each residual $y_i-\sigma(z_i)$ is 0, so no row pulls.
# </details>
#
# ### Exercise 1.4 · A prior, and what it does to the objective
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
# takes for the intercept; do not assume where it stands, nor that there is one.
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

# %% hidden="log_posterior" points=1

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# Near 0, whatever the data say: the prior's standard deviation is $1/\sqrt{\lambda_j}$.
# </details>
#
# ### Exercise 1.5 · The curvature
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

# %% hidden="information" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# At $z=0$, where $\sigma=\tfrac12$ and the weight is $\tfrac14$. Rows near the boundary bend the
# hill, and rows that are sure hardly do.
# </details>
#
# ### Exercise 1.6 · Fit
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
# `solve(A, b)` is given: it solves $A\Delta=b$, also where `A` is singular. So is
# `warn_no_maximum(separable)`, with which the course's own `fit` says that it has found no top; yours
# need not, and may ignore `tol`, `max_iter` and `trace`: what counts is where it arrives.
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

# %% hidden="fit" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# It depends on the hill. With the step size of hint 1, the check's first problem takes some 40
# steps to be right to three decimals, and some 100 to eight. On all the 2s and 3s among the digits
# at the end of this notebook, with 65 coefficients and a weak prior (each lambda 0.1, but for the
# intercept), a coefficient is still wrong by 1 after 100 000 steps. Newton's method takes 11.
# </details>
#
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
# ### Exercise 1.7 · Count and average
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

# %% hidden="class_statistics" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# The plain variance, or they are equal: it is the shared one plus the variance of the classes' means.
# On the digits at the end a pixel's plain variance is 0.29 on average, its shared one 0.17.
# </details>
#
# ### Exercise 1.8 · The joint density
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

# %% hidden="joint_log_prob" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# Yes: it is a density, and where a variance is small a density is above 1. With $\sigma=0.1$ it
# reaches 4.
# </details>
#
# ### Exercise 1.9 · Bayes' rule, in log space
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

# %% hidden="posterior_log_prob" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# No. With equal variances the log-odds are linear in $x$, so far away they are as a rule enormous:
# the posterior is surer there than anywhere near. With unequal ones the class with the larger
# variance wins.
# </details>
#
# ### Exercise 1.10 · Draw from the joint
#
# *difficulty 3 of 5 · importance 5 of 5 · 15 minutes*
#
# This is what makes the model *generative*. It takes two lines of mathematics:
#
# 1. draw a class $y \sim \pi$, for each sample anew;
# 2. draw $x \sim \mathcal N(\mu_y, \operatorname{diag}\sigma^2_y)$.
#
# All chance comes from `generator`, so that the same generator state gives the same samples; where
# it is `None`, from torch's own. The labels are int64.
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

# %% hidden="sample_joint" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# No. It knows $P(Y\mid x)$ and nothing of $P(x)$: there is no $x$ to begin with, and no class
# without an $x$.
# </details>
#
# ### Exercise 1.11 · The bridge between the two routes
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

# %% hidden="logistic_coefficients" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# Naive Bayes counts the evidence twice: each copy gets the whole coefficient, and the log-odds that
# $x$ adds are doubled. Logistic regression without a penalty shares one coefficient out between the
# two, and predicts as it did with one of them.
# </details>
#
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
# improbable: the sum of the two has a top. That is why the course's own `fit` warns on such data
# when nothing is penalised.
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
