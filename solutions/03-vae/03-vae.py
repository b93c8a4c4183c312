# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 03 · The variational autoencoder
#
# {launch}
#
# A picture $x$ is made in two steps: nature draws a code $z$, then a picture that fits it. We see
# $x$ and never $z$. So $p(x) = \int p(x\mid z)\,p(z)\,dz$ is out of reach, and so is $p(z\mid x)$.
# The VAE guesses $z$ with a network $q(z\mid x)$ and climbs a **lower bound** on $\log p(x)$.
#
# - **Part A, the pieces.** Two log-densities and two divergences.
# - **Part B, the bound.** A sample that gradients flow through, the ELBO, a tighter bound.
# - **Part C, the model.** The loss, and a VAE that you train on digits.
#
# At the end you will draw a map of all digits from two numbers.
#
# | | |
# |---|---|
# | **Needs** | the chapter *Variational autoencoders*, PyTorch's basics |
# | **Points** | {points}, in {exercises} exercises |
# | **Time** | two to three hours for you, about fifteen seconds for a laptop; no GPU |
#
# {how}

# %% given="setup"
import math

import matplotlib.pyplot as plt
import torch
from torch.distributions import Normal

from course.checks import check
from dgm.data.batches import minibatches
from dgm.data import load
from dgm.exact.linear_gaussian import LinearGaussian
from dgm.nn.networks import mlp_encoder_decoder
from dgm.vae import VAE, log_weight, sample

torch.manual_seed(0)
torch.set_num_threads(1)  # networks this small gain nothing from more
digits = (load("digits")[0] + 1) / 2  # (B, 1, 8, 8), scaled from [-1, 1] to [0, 1]

# %% [markdown]
# Three conventions hold everywhere.
#
# - Row $i$ of every tensor belongs to example $i$. What comes after the first axis is the
#   **event**: `(B, 3)` are `B` codes, `(B, 1, 8, 8)` are `B` pictures.
# - A log-density is a **sum over the event**: one number for each row, shape `(B,)`. It is never a
#   mean over pixels.
# - A Gaussian is given by its mean `mu` and `logvar`, the logarithm of its **variance**.
#
# Training will differentiate all that you write. So stay in torch: no `.item()`, no `.detach()`, no
# NumPy inside.
#
# ## Part A · The pieces
#
# ### Exercise 3.1 · The log-density of a Gaussian
#
# *difficulty 1 of 5 · importance 5 of 5 · 10 minutes*
#
# The entries of $x$ are independent, so their densities multiply and the logarithms add:
#
# $$\log \mathcal N(x;\mu,\sigma^2) = \sum_j -\tfrac12\Bigl[\log 2\pi + \log\sigma_j^2 +
# \frac{(x_j-\mu_j)^2}{\sigma_j^2}\Bigr].$$
#
# 1. Compute the bracket for each entry.
# 2. Add up over all axes but the first. There may be one of them, or three.
#
# *Predict first:* can a log-density be above 0? Try $\sigma = 0.01$ at $x=\mu$ in your head.
#
# <details><summary>Hint 1</summary>
#
# `logvar` is already $\log\sigma^2$. Only the last term needs an `exp`.
# </details>
# <details><summary>Hint 2</summary>
#
# `t.flatten(1)` makes a table of any tensor: one row for each example. Then `.sum(1)`.
# </details>

# %% answer="normal_log_prob"
from dgm.distributions import normal_log_prob  # exercise

# %% check="normal_log_prob" points=1

# %% hidden="normal_log_prob" points=2

# %% [markdown]
# <details><summary>Your prediction: can a log-density be above 0?</summary>
#
# Yes. A density is no probability: it counts per length, and where all mass lies within a few
# hundredths it is large. At $\sigma=0.01$ and $x=\mu$ it is $1/(0.01\sqrt{2\pi}) = 39.9$, and its
# logarithm 3.69. Each factor of ten in $\sigma$ adds 2.30.
# </details>
#
# ### Exercise 3.2 · The log-probability of coins
#
# *difficulty 2 of 5 · importance 5 of 5 · 10 minutes*
#
# A decoder of digits says for each pixel how likely ink is. It gives **logits**: log-odds, any
# real number. With $p_j = \sigma(\text{logit}_j)$, where $\sigma$ is the sigmoid here and no standard
# deviation,
#
# $$\log p(x) = \sum_j x_j\log p_j + (1-x_j)\log(1-p_j).$$
#
# 1. Get $\log p_j$ and $\log(1-p_j)$ from the logits, exactly, also at logits of $\pm1000$.
# 2. Weigh them by $x_j$ and $1-x_j$. Grey levels between 0 and 1 stay as they are.
# 3. Add up over the event.
#
# *Predict first:* a pixel is ink, and the decoder gives it a logit of $-1000$. What does it add?
#
# <details><summary>Hint 1</summary>
#
# `log(sigmoid(-1000))` is `log(0)`. You met the cure in exercises 01: $\log\sigma(z) =
# -\log(1+e^{-z})$, in one step. And $1-\sigma(z) = \sigma(-z)$.
# </details>
# <details><summary>Hint 2</summary>
#
# `torch.nn.functional` has `logsigmoid`, `softplus` and `binary_cross_entropy_with_logits`. The
# last of them is a loss, and by default a mean.
# </details>

# %% answer="bernoulli_log_prob"
from dgm.distributions import bernoulli_log_prob  # exercise

# %% check="bernoulli_log_prob" points=1

# %% hidden="bernoulli_log_prob" points=2

# %% [markdown]
# <details><summary>Your prediction: what does the pixel add?</summary>
#
# $-1000$. With a logit of $-1000$, $\log p = -\log(1+e^{1000})$, and beside $e^{1000}$ the 1 does not
# count. So one pixel, wrong and sure of it, costs 1000 nats. In float32 and in float64 $e^{1000}$ is
# infinite, and a `log` of a `sigmoid` gives $-\infty$.
# </details>
#
# ### Exercise 3.3 · How far from the prior?
#
# *difficulty 2 of 5 · importance 5 of 5 · 15 minutes*
#
# The prior over codes is $p(z) = \mathcal N(0, I)$. The encoder answers with
# $q(z\mid x) = \mathcal N(\mu, \operatorname{diag}\sigma^2)$. What the answer costs is
#
# $$\mathrm{KL}\bigl(q\,\|\,p\bigr) = \mathbb E_q[\log q(z) - \log p(z)]
# = \tfrac12\sum_j\bigl(\mu_j^2 + \sigma_j^2 - 1 - \log\sigma_j^2\bigr).$$
#
# 1. Derive it on paper: $\mathbb E_q[(z-\mu)^2] = \sigma^2$ and $\mathbb E_q[z^2] = \mu^2+\sigma^2$.
# 2. Write it down, a sum over the event.
#
# *Predict first:* for which $\mu$ and $\sigma$ is it 0? What does it do as $\sigma\to0$?
#
# <details><summary>Hint 1</summary>
#
# In $\sigma^2 = e^{\texttt{logvar}}$ and $\log\sigma^2 = \texttt{logvar}$ there is nothing to halve.
# </details>
# <details><summary>Hint 2</summary>
#
# Put in $\mu=0$ and `logvar` 0: the result must be exactly 0. Then $\mu=2$: it must be 2.
# </details>

# %% answer="kl_standard_normal"
from dgm.distributions import kl_standard_normal  # exercise

# %% check="kl_standard_normal" points=1

# %% hidden="kl_standard_normal" points=2

# %% [markdown]
# <details><summary>Your prediction: where is it 0, and what happens as the spread goes to 0?</summary>
#
# It is 0 for $\mu=0$ and $\sigma=1$ alone: there $q$ is the prior. As $\sigma\to0$ it grows without
# end, but slowly, like $-\log\sigma$: 2.30 nats more for each factor of ten. At $\mu=0$ and $\sigma=0.001$
# it is 6.41. A code that says more costs more.
# </details>
#
# ### Exercise 3.4 · Between any two Gaussians
#
# *difficulty 2 of 5 · importance 4 of 5 · 10 minutes*
#
# The same for any Gaussian $p$. Diffusion models will need it in every step:
#
# $$\mathrm{KL}(q\,\|\,p) = \tfrac12\sum_j\Bigl[\log\frac{\sigma_{p,j}^2}{\sigma_{q,j}^2}
# + \frac{\sigma_{q,j}^2 + (\mu_{q,j}-\mu_{p,j})^2}{\sigma_{p,j}^2} - 1\Bigr].$$
#
# 1. Compute the bracket for each entry. All distances are measured in units of $p$.
# 2. Add up over the event.
#
# *Predict first:* $q$ is narrow and $p$ is wide. Which of $\mathrm{KL}(q\|p)$ and
# $\mathrm{KL}(p\|q)$ is larger?
#
# <details><summary>Hint 1</summary>
#
# The log of a ratio of variances is a difference of `logvar`s.
# </details>
# <details><summary>Hint 2</summary>
#
# With $p=\mathcal N(0,1)$ it must give what exercise 3 gives. With $q=p$ it must give 0.
# </details>

# %% answer="kl_normal"
from dgm.distributions import kl_normal  # exercise

# %% check="kl_normal" points=1

# %% hidden="kl_normal" points=2

# %% [markdown]
# <details><summary>Your prediction: which of the two is larger?</summary>
#
# $\mathrm{KL}(p\|q)$: the draws of the wide $p$ land where the narrow $q$ has next to no mass. With
# equal means, $\sigma_q=0.1$ and $\sigma_p=1$ it is 47.2 nats, and $\mathrm{KL}(q\|p)$ is 1.81.
# </details>
#
# ## Part B · The bound
#
# ### Exercise 3.5 · A sample that gradients flow through
#
# *difficulty 2 of 5 · importance 5 of 5 · 10 minutes*
#
# To train the encoder we must differentiate through a random draw. The trick: draw noise that
# depends on nothing, and make the sample a smooth function of it.
#
# $$z = \mu + \sigma\,\varepsilon, \qquad \varepsilon\sim\mathcal N(0, I).$$
#
# 1. Turn `logvar` into the **standard deviation**.
# 2. Scale the given noise `eps` by it, and move it by `mu`. Draw nothing yourself.
#
# *Predict first:* what is $\partial z/\partial\mu$? And $\partial z/\partial\,\texttt{logvar}$?
#
# <details><summary>Hint 1</summary>
#
# $\sigma = \sqrt{\sigma^2}$, and $\sqrt{e^{a}} = e^{a/2}$.
# </details>
# <details><summary>Hint 2</summary>
#
# `Normal(mu, sigma).sample()` draws its own noise and cuts the graph. It is one line of arithmetic.
# </details>

# %% answer="reparameterize"
from dgm.distributions import reparameterize  # exercise

# %% check="reparameterize" points=1

# %% hidden="reparameterize" points=2

# %% [markdown]
# <details><summary>Your prediction: what are the two derivatives?</summary>
#
# $\partial z/\partial\mu = 1$: the sample moves with the mean. And
# $\partial z/\partial\,\texttt{logvar} = \sigma\varepsilon/2$: a wider $q$ pushes each sample farther from
# the mean, on the side where it is. Both are plain numbers once $\varepsilon$ is drawn.
# </details>
#
# ### Exercise 3.6 · The evidence lower bound
#
# *difficulty 3 of 5 · importance 5 of 5 · 25 minutes*
#
# For every $q$ that we may choose,
#
# $$\log p(x) \;\ge\; \mathbb E_{q(z\mid x)}\bigl[\log p(x\mid z)\bigr] -
# \mathrm{KL}\bigl(q(z\mid x)\,\|\,p(z)\bigr).$$
#
# The gap is $\mathrm{KL}(q(z\mid x)\,\|\,p(z\mid x))$. We estimate the expectation with one sample.
#
# 1. `model.encoder(x)` gives `mu` and `logvar`: what $q$ says about each row.
# 2. A sample $z$, made from the given `eps` by your exercise 5.
# 3. `model.log_likelihood(x, z)` is $\log p(x\mid z)$, one number for each row.
# 4. With `kl="analytic"`, take off the KL in closed form. With `kl="sampled"`, take off its value at
#    this very $z$: $\log q(z\mid x) - \log p(z)$.
#
# `log_weight(model, x, z, mu, logvar)` is given. It is $\log p(x\mid z) + \log p(z) - \log q(z\mid x)$.
#
# *Predict first:* suppose that $q(z\mid x)$ is the true posterior. How much does the sampled version
# vary with `eps`? Write $\log p(x,z) - \log p(z\mid x)$ and simplify.
#
# <details><summary>Hint 1</summary>
#
# Both versions share steps 1 to 3. Compare step 4's second version with what `log_weight` is.
# </details>
# <details><summary>Hint 2</summary>
#
# The noise is given: draw none. The likelihood may be Bernoulli or Gaussian: let the model say.
# And do not detach: the encoder learns from the reconstruction only through $z$.
# </details>

# %% answer="elbo"
from dgm.vae import elbo  # exercise

# %% check="elbo" points=1

# %% hidden="elbo" points=2

# %% [markdown]
# <details><summary>Your prediction: how much does it vary?</summary>
#
# Not at all. $\log p(x\mid z) + \log p(z) - \log q(z\mid x) = \log p(x, z) - \log p(z\mid x) = \log p(x)$,
# and $z$ has dropped out. The check tries this, with a model whose posterior is known.
# </details>
#
# ### Exercise 3.7 · A tighter bound
#
# *difficulty 3 of 5 · importance 3 of 5 · 20 minutes*
#
# One code gives one weight, $w = p(x,z)/q(z\mid x)$, and $\mathbb E_q[w] = p(x)$ exactly. So
# average $k$ weights **before** you take the logarithm:
#
# $$\log p(x) \;\ge\; \mathbb E\Bigl[\log \frac1k\sum_{i=1}^{k} w_i\Bigr],
# \qquad z_1,\dots,z_k \sim q(z\mid x).$$
#
# 1. Encode `x` once.
# 2. $k$ times: draw fresh noise for each row and each dimension from `generator`, make a code, and
#    keep `log_weight`.
# 3. The logarithm of the mean weight of each row. The weights are as small as $e^{-800}$: never
#    form them.
#
# *Predict first:* what is the bound with $k=1$? And with $k=1000$, if $q$ is the true posterior?
#
# <details><summary>Hint 1</summary>
#
# $\log\sum_i e^{a_i}$ is `torch.logsumexp`. On which axis do the $k$ codes stand, on which the rows?
# </details>
# <details><summary>Hint 2</summary>
#
# Each of the $k$ rounds gives `log_weight` of shape `(B,)`. Put them into one table with
# `torch.stack`: its new axis is that of the codes. What does dividing a sum by $k$ do to its
# logarithm? Test yourself: $k$ equal weights have that weight for their mean. Noise has the shape and
# the dtype of `mu`; `torch.randn` takes a `dtype=` and a `generator=`.
# </details>

# %% answer="iwae_bound"
from dgm.vae import iwae_bound  # exercise

# %% check="iwae_bound" points=1

# %% hidden="iwae_bound" points=2

# %% [markdown]
# <details><summary>Your prediction: what is the bound at k = 1, and at k = 1000?</summary>
#
# With $k=1$ it is $\log w$ of one code: the ELBO of exercise 6 with the sampled KL. If $q$ is the true
# posterior, every weight is $p(x)$ itself, and so is any mean of them: the bound is $\log p(x)$, at
# $k=1000$ and at $k=1$.
# </details>
#
# Your bounds, beside the truth. The model is linear and Gaussian, so that $\log p(x)$ is known. Its
# $q$ is wrong on purpose. More codes close the gap, and up to noise no bound crosses the line.

# %% demo=true
g = torch.Generator().manual_seed(0)
oracle = LinearGaussian(torch.randn(5, 2, generator=g).double(), torch.zeros(5).double(), 0.6)


def wrong(x):
    mu, logvar = oracle.encoder(x)
    return mu + 0.3, logvar + math.log(2)


model, rows = VAE(wrong, oracle.decoder, 2, "gaussian", 0.6), oracle.sample(1, g).expand(4000, -1)
codes = [1, 2, 4, 8, 16, 32, 64]
plt.figure(figsize=(5, 3))
plt.semilogx(
    codes,
    [iwae_bound(model, rows, k, g).mean() for k in codes],
    "o-",
    base=2,
    label="IWAE with k codes",
)
eps = torch.randn(4000, 2, generator=g, dtype=torch.float64)
plt.axhline(elbo(model, rows, eps).mean(), ls=":", label="ELBO")
plt.axhline(oracle.log_prob(rows[:1]).item(), color="k", label="log p(x), exact")
plt.xlabel("k")
plt.ylabel("nats")
plt.legend()
plt.show()

# %% [markdown]
# ## Part C · The model
#
# ### Exercise 3.8 · The loss
#
# *difficulty 3 of 5 · importance 5 of 5 · 15 minutes*
#
# Training climbs the ELBO, so the loss is its negative, averaged over the batch. A weight $\beta$ on
# the KL lets us trade:
#
# $$\mathcal L = \frac1B\sum_{i=1}^{B} \Bigl[\beta\,\mathrm{KL}\bigl(q(z\mid x_i)\,\|\,p(z)\bigr)
# - \log p(x_i\mid z_i)\Bigr], \qquad z_i \sim q(z\mid x_i).$$
#
# 1. Encode, and draw **one** code for each row, with noise from `generator`.
# 2. $\beta$ times the KL in closed form, less the log-likelihood.
# 3. The mean over the batch, and nothing else is a mean.
#
# *Predict first:* what would training do if you took a mean over the 64 pixels and a sum over the
# KL? Which $\beta$ is that the same as?
#
# <details><summary>Hint 1</summary>
#
# With $\beta=1$ it is minus the mean of your `elbo`. With another $\beta$ only the KL changes.
# </details>
# <details><summary>Hint 2</summary>
#
# Noise for each row and each dimension: the shape of `mu`. Hand on `generator=generator`.
# </details>

# %% answer="vae_loss"
from dgm.vae import vae_loss  # exercise

# %% check="vae_loss" points=1

# %% hidden="vae_loss" points=2

# %% [markdown]
# <details><summary>Your prediction: what would a mean over the pixels do?</summary>
#
# It divides the log-likelihood by 64 and leaves the KL alone. Take the 64 out of the whole loss, and
# the KL has the weight $\beta=64$. Then what the code costs is more than what it saves, and training
# throws the code away. Patient A below has this illness, from a $\beta$ of 30.
# </details>
#
# ## The payoff
#
# ### All digits from two numbers
#
# Your loss, 1400 digits, a code of two numbers, a few seconds. Without your loss nothing happens:
# the loop below knows no objective of its own.


# %% demo=true
def train(beta, steps, latent_dim=2, seed=0):
    torch.manual_seed(seed)  # the networks' first weights
    g = torch.Generator().manual_seed(seed)
    model = VAE(*mlp_encoder_decoder((1, 8, 8), latent_dim, (128,)), latent_dim)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    losses = []
    for x in minibatches(digits, 128, steps, g):
        loss = vae_loss(model, x, beta, g)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model, losses


def show(pictures, columns, title=""):
    rows = -(-len(pictures) // columns)
    sheet = pictures.view(rows, columns, 8, 8).permute(0, 2, 1, 3).reshape(8 * rows, 8 * columns)
    plt.figure(figsize=(0.45 * columns, 0.45 * rows))
    plt.imshow(sheet, cmap="gray_r", vmin=0, vmax=1)
    plt.axis("off")
    plt.title(title, fontsize=9, loc="left")
    plt.show()


vae, losses = train(beta=1.0, steps=2000)
print(f"loss: {sum(losses[:20]) / 20:.1f} nats at first, {sum(losses[-20:]) / 20:.1f} at the end")
held_out = (load("digits", "test")[0] + 1) / 2
with torch.no_grad():
    g = torch.Generator().manual_seed(1)
    for k in (1, 10, 100):
        print(
            f"held-out digits, bound with {k:>3} codes: {iwae_bound(vae, held_out, k, g).mean():.2f} nats"
        )
show(sample(vae, 20, torch.Generator().manual_seed(2)), 20, "drawn from the prior")

# %% [markdown]
# ### A walk through the latent space
#
# Both numbers of the code run over the prior's quantiles, from 3 % to 97 %. Each place has its digit,
# and between two digits lies a picture that is half of each.

# %% demo=true
with torch.no_grad():
    ticks = Normal(0.0, 1.0).icdf(torch.linspace(0.03, 0.97, 14))
    grid = torch.cartesian_prod(ticks, ticks)
    show(vae.decode(grid), 14, "decoded codes")
    mu, _ = vae.encoder(digits)
plt.figure(figsize=(5, 4))
plt.scatter(*mu.T, c=load("digits")[1], cmap="tab10", s=6)
plt.colorbar(label="digit")
plt.xlabel("first number of the code's mean")
plt.ylabel("second number")
plt.title("where the encoder puts the digits; no label was used", fontsize=9, loc="left")
plt.show()

# %% [markdown]
# ## Break it
#
# Two more runs. Their losses fall, nothing crashes, and the samples are good for nothing. Before you
# open the answer: look at the KL of each, and at what the decoder makes of five different digits.
# What happened to the code?

# %% demo=true
with torch.no_grad():
    prior_cost = kl_standard_normal(*vae.encoder(digits)).mean()
print(f"healthy: KL {prior_cost:.3f} nats")
for name, beta in (("patient A", 30.0), ("patient B", 0.0)):
    ill, losses = train(beta=beta, steps=600)
    with torch.no_grad():
        mu, logvar = ill.encoder(digits)
        print(
            f"{name}: loss from {losses[0]:.1f} to {losses[-1]:.1f}, KL {kl_standard_normal(mu, logvar).mean():.3f} nats, "
            f"mean sigma {(logvar / 2).exp().mean():.3f}, spread of mu {mu.std(0).mean():.2f}"
        )
        five = digits[:5]
        drawn = sample(ill, 10, torch.Generator().manual_seed(0))
        show(
            torch.cat([five, ill(five), drawn]),
            20,
            f"{name}: five digits, their reconstructions, ten samples",
        )

# %% [markdown]
# <details><summary>Patient A</summary>
#
# $\beta = 30$: **posterior collapse**. Every nat in the code costs thirty, and saves less. So the
# encoder answers $\mathcal N(0, I)$ to every picture, the KL is 0, and the decoder, which learns
# nothing from $z$, draws the mean digit. A mean over the pixels beside a KL that is summed is the same
# as $\beta=64$: a common way to meet the illness.
# </details>
# <details><summary>Patient B</summary>
#
# $\beta = 0$: an autoencoder. Nothing draws $q$ to the prior. The reconstructions are sharp, the codes
# lie far out and $\sigma$ is tiny, and a draw from $\mathcal N(0, I)$ lands where no digit was ever
# encoded.
# </details>
#
# ## Questions to think about
#
# <details><summary>1. Why is the gap between log p(x) and the ELBO a KL, and which one?</summary>
#
# $\log p(x) - \mathrm{ELBO} = \mathrm{KL}(q(z\mid x)\,\|\,p(z\mid x))$. Put
# $p(x, z) = p(x)\,p(z\mid x)$ into the ELBO and take $\log p(x)$ out of the expectation.
# </details>
# <details><summary>2. The analytic and the sampled KL have the same mean. Which varies less?</summary>
#
# It depends on $q$. Far from the posterior the closed form often has less noise. But where $q$ is
# the true posterior the sampled form has none at all: the noise of the KL cancels that of the reconstruction.
# </details>
# <details><summary>3. Why are samples of a VAE blurred?</summary>
#
# What `sample` shows is the mean $\mathbb E[x\mid z]$, the average of all pictures that share a code.
# Where they disagree about an edge, the average is grey.
# </details>
# <details><summary>4. Why not draw the codes of exercise 7 from the prior?</summary>
#
# The mean weight would still be $p(x)$ in expectation. But almost no code from the prior explains
# $x$: all weight would fall on the luckiest, and $k$ would have to be astronomic.
# </details>
#
# **Harder, no points.** Train with `iwae_bound(vae, x, 5, g)` as the objective. Is the bound on
# held-out digits better? What happens to the quality of $q$ as $k$ grows? And: give the KL *free bits*,
# $\max(\mathrm{KL}_j, 0.1)$ for each dimension, and cure patient A.
