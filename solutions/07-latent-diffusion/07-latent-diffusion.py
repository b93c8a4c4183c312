# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 07 · Latent diffusion
#
# {launch}
#
# A picture with sixteen times as many pixels seldom has sixteen times as much in it, but a diffusion on
# its pixels costs at least sixteen times as much. So an autoencoder makes the picture small first, the diffusion
# learns the small ones, and a decoder makes them large again. The diffusion is that of chapter 06, not a
# line changed. All that is new stands between it and the pixels, and here you write it.
#
# - **Part A, the bill.** What a convolution and what attention cost, counted to the last product.
# - **Part B, the first stage.** Its loss, its latents, and the one number that suits them to a noise schedule.
# - **Part C, the second stage.** Training on latents, and the way from noise to a picture.
#
# At the end two small networks of yours draw digits of 32 by 32 pixels, from noise of 4 by 4.
#
# | | |
# |---|---|
# | **Needs** | chapters 03, 06 and 07 of the book, PyTorch's basics |
# | **Points** | {points}, in {exercises} exercises |
# | **Time** | two hours for you, about forty seconds for a laptop; no GPU |
#
# {how}

# %% given="setup"
import math
from collections.abc import Sequence
from types import SimpleNamespace

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from course.checks import check
from dgm.autoencoder import reconstruction_loss
from dgm.data.batches import minibatches
from dgm.data import load
from dgm.ddpm import ddim_sample, ddpm_loss, ddpm_sample
from dgm.distributions import kl_standard_normal, reparameterize
from dgm.evaluate import frechet_distance
from dgm.latent import AT_ONCE, FirstStage, Stage, check_scale
from dgm.sampling import Model
from dgm.schedule import NoiseSchedule
from dgm.nn.self_attention import Attention
from dgm.nn.unet import UNet

torch.manual_seed(0)
torch.set_num_threads(1)  # networks this small gain nothing from more

# %% [markdown]
# ## Part A · The bill
#
# What a network costs is told in **multiply-accumulates** (MACs): a product of two numbers, and its addition
# to a sum. All the work of a matrix product is of this kind. Biases, norms and activations are few beside it
# and are left out. Some tools print FLOPs: two for each MAC.
#
# ### Exercise 7.1 · A convolution
#
# *difficulty 1 of 5 · importance 3 of 5 · 10 minutes*
#
# `nn.Conv2d` turns $(B, C_{in}, H, W)$ into $(B, C_{out}, H', W')$. Each number of its result is one sum, over
# all input channels and the whole kernel of $k$ by $k$. How often the kernel lands from top to bottom is
#
# $$H' = \Bigl\lfloor\frac{H + 2\,\text{padding} - k}{\text{stride}}\Bigr\rfloor + 1 ,$$
#
# and from left to right likewise.
#
# 1. $H'$ and $W'$. The pictures need not be square.
# 2. How many numbers the result has, times the products in each of them.
#
# *Predict first:* twice as many pixels on each side, and twice as many channels going in and coming out. By
# what does the cost grow?
#
# <details><summary>Hint 1</summary>
#
# The cost asks for the *result's* height and width, the weights only for the kernel's.
# </details>
# <details><summary>Hint 2</summary>
#
# `//` divides and rounds down, in one step.
# </details>

# %% answer="conv_macs"
from dgm.nn.cost import conv_macs  # exercise

# %% check="conv_macs" points=1

# %% hidden="conv_macs" points=1

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# Sixteen times: four times as many places for the kernel, and for each place four times as many pairs of a channel
# that goes in and one that comes out.
# </details>
#
# ### Exercise 7.2 · Attention
#
# *difficulty 2 of 5 · importance 3 of 5 · 15 minutes*
#
# In `dgm.nn.self_attention.Attention` every pixel reads from all pixels of its image, itself among them. With $N = H\,W$ pixels of $C$
# channels, one image goes through these products of matrices:
#
# | what | from | times | to |
# |---|---|---|---|
# | queries, keys, values | $N\times C$ | $C\times 3C$ | $N\times 3C$ |
# | a score for each pair of pixels | $N\times C$ | $C\times N$ | $N\times N$ |
# | what each pixel reads | $N\times N$ | $N\times C$ | $N\times C$ |
# | what comes out | $N\times C$ | $C\times C$ | $N\times C$ |
#
# Add up what they cost, for all $B$ images. A product of $n\times k$ with $k\times m$ takes $n\,k\,m$
# multiply-accumulates. The softmax is left out.
#
# *Predict first:* twice as many pixels on each side. By what does the cost grow when the picture is small, by
# what when it is large? And if the $C$ channels are shared out to four heads?
#
# <details><summary>Hint 1</summary>
#
# Two of the four rows grow with $N$, two with $N^2$.
# </details>
# <details><summary>Hint 2</summary>
#
# Images of a batch do not see each other: count one, and multiply at the end.
# </details>

# %% answer="attention_macs"
from dgm.nn.cost import attention_macs  # exercise

# %% check="attention_macs" points=1

# %% hidden="attention_macs" points=1

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# There are four times as many pixels. While $N$ is far below $2C$ the four products with $C$ by $C$ weigh most, and the cost
# grows fourfold; where it is far above, the pairs do, and it grows sixteenfold. Four heads change nothing: each has a
# quarter of the channels.
# </details>
#
# The layer itself, as PyTorch counts it, beside your numbers. Then the bill against the side of the picture: from
# which side on is attention dearer than a convolution? Where would Stable Diffusion's 512 pixels be, where are its
# latents of 64?

# %% demo=true
with FlopCounterMode(display=False) as counter, torch.no_grad():
    Attention(32)(torch.zeros(2, 32, 8, 8))
print(f"PyTorch {counter.get_total_flops() / 2:,.0f}, you {attention_macs((2, 32, 8, 8)):,.0f}")
sides = [4, 8, 16, 32, 64, 128, 256, 512]
plt.figure(figsize=(6, 3.5))
plt.loglog(sides, [conv_macs((1, 64, n, n), 64, 3, 1, 1) for n in sides], "o-", label="convolution")
plt.loglog(sides, [attention_macs((1, 64, n, n)) for n in sides], "s-", label="attention")
plt.xticks(sides, [str(n) for n in sides])
plt.minorticks_off()
plt.xlabel("side of the picture, 64 channels")
plt.ylabel("multiply-accumulates")
plt.legend()
plt.show()

# %% [markdown]
# ## Part B · The first stage
#
# A first stage is anything with two methods, and nothing else of it may be used here:
#
# - `first_stage.encode(x)` gives a pair: the means `mu` and the log-variances `logvar` of the codes, each $(B, \dots)$;
# - `first_stage.decode(z)` makes images of codes.
#
# It may be a network in training mode or not, or no network at all: take it and the diffusion's model as they come, and
# leave their modes, weights and gradients as they are.
#
# Three functions of chapters 02 and 03 are given, and you need not use them. `reparameterize(mu, logvar, eps)` is
# $\mu+\sigma\varepsilon$. `reconstruction_loss(x, x_hat)` is the squared error, summed over an image and averaged over the batch.
# `kl_standard_normal(mu, logvar)` is the KL of exercises 03, one number for each row.
#
# ### Exercise 7.3 · Its loss
#
# *difficulty 2 of 5 · importance 4 of 5 · 20 minutes*
#
# A VAE with other weights. The error has all the say, and the KL no more than it takes to keep the codes from
# running off:
#
# $$\mathcal L=\frac1B\sum_{i=1}^B\Bigl[\;\lVert x_i-D(z_i)\rVert^2+\lambda\,\mathrm{KL}\bigl(q(z|x_i)\,\Vert\,\mathcal N(0,I)\bigr)\Bigr],
# \qquad z_i=\mu_i+\sigma_i\,\varepsilon_i .$$
#
# 1. Encode. `logvar` is $\log\sigma^2$.
# 2. **One** $z_i$ for each image, with noise $\varepsilon$ of the shape and dtype of `mu`, from `generator`.
# 3. Both terms are **sums** over an image, or over its code, and **means** over the batch. $\lambda$ is `kl_weight`.
#    The KL is the one in closed form, not a draw of it. No ½ stands before the error.
#
# *Predict first:* with $\lambda=0$, what does training do to $\sigma$? And then, what to the size of $\mu$?
#
# <details><summary>Hint 1</summary>
#
# `torch.randn(…, generator=generator, dtype=…)`. (`randn_like` takes no generator.)
# </details>
# <details><summary>Hint 2</summary>
#
# $\mathrm{KL}=\frac12\sum_j(\mu_j^2+\sigma_j^2-1-\log\sigma_j^2)$ for each image.
# </details>

# %% answer="first_stage_loss"
from dgm.latent import first_stage_loss  # exercise

# %% check="first_stage_loss" points=1

# %% hidden="first_stage_loss" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# Noise only spoils the picture, so $\sigma$ goes to 0. On the way a larger $\mu$ drowns what noise is left, so $\mu$ grows;
# and once $\sigma$ is 0 nothing in the loss cares for the size of $\mu$. A small $\lambda$ holds both.
# </details>
#
# ### Exercise 7.4 · Latents
#
# *difficulty 1 of 5 · importance 4 of 5 · 5 minutes*
#
# What the diffusion will take for its data: the **mean** codes, times a number `scale`,
#
# $$z = s\,\mu(x) .$$
#
# No noise is added: $\sigma$ is small, and the diffusion brings noise of its own. (The line above
# `def` says that no graph is kept. Where thousands of images would not fit into memory at once, encode `AT_ONCE` of
# them at a time, and put the parts together; a check does not ask for it.)
#
# *Predict first:* which shape has $z$ for 100 pictures of 28 by 28, with four channels and two halvings?
#
# <details><summary>Hint 1</summary>
#
# `encode` gives a pair.
# </details>
# <details><summary>Hint 2</summary>
#
# `x.split(AT_ONCE)` cuts a batch into parts, `torch.cat` puts parts together.
# </details>

# %% answer="encode_latents"
from dgm.latent import encode_latents  # exercise

# %% check="encode_latents" points=1

# %% hidden="encode_latents" points=1

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# $(100, 4, 7, 7)$: two halvings make 7 of 28. The number of channels is that of the code.
# </details>
#
# ### Exercise 7.5 · The scale
#
# *difficulty 2 of 5 · importance 5 of 5 · 10 minutes*
#
# A noise schedule is made for data of variance 1: that is how it knows when noise and signal are equally strong.
# Nobody has told that to the codes. So
#
# $$s=\frac1{\hat\sigma},\qquad \hat\sigma^2=\frac1n\sum_{i=1}^{n}(z_i-\bar z)^2,\qquad \bar z=\frac1n\sum_{i=1}^{n}z_i,$$
#
# where $z_1,\dots,z_n$ are **all** entries of the mean codes of **all** images. That is **one** number for all channels and
# places. (Whether you divide by $n$ or by $n-1$ is the same to the check.)
#
# You may call your `encode_latents`, or `first_stage.encode` itself.
#
# *Predict first:* somebody trains a first stage, then multiplies the last layer of its encoder by 10, and makes up for it in the first
# of its decoder. What becomes of the reconstructions, of $s$, of $s\,\mu(x)$?
#
# <details><summary>Hint 1</summary>
#
# `torch.std` of a tensor without a `dim` looks at all of its entries.
# </details>
# <details><summary>Hint 2</summary>
#
# In double precision, and as a Python number: `.double()`, `.item()`.
# </details>

# %% answer="latent_scale"
from dgm.latent import latent_scale  # exercise

# %% check="latent_scale" points=1

# %% hidden="latent_scale" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# The reconstructions stay as they are. The mean codes are ten times as large, $s$ is a tenth, and $s\,\mu(x)$ is the same:
# no second stage can tell.
# </details>
#
# ## Part C · The second stage
#
# ### Exercise 7.6 · Training on latents
#
# *difficulty 2 of 5 · importance 5 of 5 · 10 minutes*
#
# The loss of DDPM, with latents in the place of pictures:
#
# $$\mathcal L=\mathbb E_{t,\varepsilon}\,\bigl\lVert\,\varepsilon-\text{model}(\sqrt{\bar\alpha_t}\,z+\sqrt{1-\bar\alpha_t}\,\varepsilon,\;t)\bigr\rVert^2,
# \qquad z=s\,\mu(x).$$
#
# `ddpm_loss(model, x0, schedule, generator, predicts=…)` of exercises 06 is given. It draws a step for each row,
# then the noise, and takes the mean over all entries. The model may predict another thing than $\varepsilon$: with
# `predicts="x0"` the target is $z$, with `"v"` it is the velocity $\sqrt{\bar\alpha_t}\,\varepsilon-\sqrt{1-\bar\alpha_t}\,z$,
# both of *scaled* latents.
#
# 1. The latents of `x`, scaled. (Your `encode_latents`, if you like. If it is wrong, this will be too.)
# 2. Noise is added to the *latents*, never to the pictures.
# 3. **No gradient into the first stage.** It is trained already, and stays as it is.
#
# *Predict first:* suppose it did get a gradient from this loss. What could an encoder do to make life easy for
# the model? (The third patient at the end has tried it.)
#
# <details><summary>Hint 1</summary>
#
# `predicts` can only be given by name: `predicts=predicts`.
# </details>
# <details><summary>Hint 2</summary>
#
# What `encode_latents` gives has no graph. If you encode by yourself, `.detach()` cuts it off.
# </details>

# %% answer="latent_loss"
from dgm.latent import latent_loss  # exercise

# %% check="latent_loss" points=1

# %% hidden="latent_loss" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# It could give the same code to all pictures. Then the model knows $z$, and reads the noise off $z_t$ without an error: the
# loss is 0, and the latents say nothing any more.
# </details>
#
# ### Exercise 7.7 · From noise to a picture
#
# *difficulty 2 of 5 · importance 5 of 5 · 15 minutes*
#
# The way back is walked in the latents, and the decoder is called once, at its end:
#
# $$z_T\sim\mathcal N(0,I)\;\to\;\dots\;\to\;z_0,\qquad x = D(z_0/s).$$
#
# Given are the samplers of exercises 06. Both end in a tensor of `shape`, which is the shape of the *latents*:
#
# - `ddpm_sample(model, schedule, shape, generator, predicts=…, clip=…)`, all $T$ steps;
# - `ddim_sample(model, schedule, shape, steps, eta, generator, predicts=…, clip=…)`, in `steps` steps.
#
# 1. DDPM if `steps` is `None`, else DDIM.
# 2. `clip` is a range of the scaled latents: hand it on.
# 3. Undo the scale, then decode.
#
# *Predict first:* the scale is 0.05, and somebody forgets to undo it. The decoder is handed codes near 0. Will the pictures
# be noisy, or blank, or all alike?
#
# <details><summary>Hint 1</summary>
#
# What was multiplied on the way in is divided on the way out.
# </details>
# <details><summary>Hint 2</summary>
#
# What stands after the `*` of a signature is given by name alone: `predicts=predicts, clip=clip`. In `ddim_sample` `steps`
# and `eta` stand before it: they go by their place, as above, or by name.
# </details>

# %% answer="latent_sample"
from dgm.latent import latent_sample  # exercise

# %% check="latent_sample" points=1

# %% hidden="latent_sample" points=2

# %% [markdown]
# <details><summary>Predict first: the answer</summary>
#
# All alike. Its codes are a twentieth of what they should be, and around 0 the decoder draws nearly the same picture,
# that of the code 0. The second patient at the end is such a case.
# </details>
#
# ## The payoff
#
# ### First stage: from 1024 pixels to 64 numbers
#
# The digits again, magnified to 32 by 32: sixteen times as many pixels, and nothing more in them. Your loss teaches
# a first stage to write each as 4 channels of 4 by 4. About ten seconds.


# %% demo=true
def magnified(split):
    x = load("digits", split)[0]  # (B, 1, 8, 8)
    return nn.functional.interpolate(x, size=(32, 32), mode="bicubic").clamp(-1, 1)


def sheet(x, title="", columns=16):
    """Show images (B, 1, 32, 32) in rows of so many."""
    x = nn.functional.pad(x, (2, 2, 2, 2), value=-1.0)
    rows, side = len(x) // columns, x.shape[-1]
    x = x.view(rows, columns, side, side).permute(0, 2, 1, 3).reshape(rows * side, columns * side)
    plt.figure(figsize=(0.55 * columns, 0.55 * rows + 0.2))
    plt.imshow(x, cmap="gray_r", vmin=-1, vmax=1)
    plt.axis("off")
    plt.title(title, fontsize=9, loc="left")
    plt.show()


def train(loss_of, parameters, steps, rate, batch=64, seed=0):
    """Adam on `loss_of(x, generator)`: up for 50 steps, level, down in the last 40 %."""
    g = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(parameters, betas=(0.9, 0.99))
    losses = []
    for step, x in enumerate(minibatches(pictures, batch, steps, g)):
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 50, (steps - step) / (0.4 * steps))
        loss = loss_of(x, g)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


pictures, unseen = magnified("train"), magnified("test")
torch.manual_seed(0)
stage = FirstStage(1, 4, width=8, multipliers=(2, 4, 4))
train(lambda x, g: first_stage_loss(stage, x, 1e-2, g), stage.parameters(), 400, 4e-3, batch=32)
stage.eval()
scale = latent_scale(stage, pictures)
with torch.no_grad():
    again = stage(unseen)
    z = encode_latents(stage, unseen, scale)
print(f"squared error of a pixel {(again - unseen).square().mean():.4f}; scale {scale:.3f}")
print(f"scaled latents of new pictures: shape {tuple(z.shape)}, standard deviation {z.std():.2f}")
sheet(
    torch.cat([unseen[:16], again[:16]]),
    "new pictures; below, what is left of them after 64 numbers",
)

# %% [markdown]
# ### Second stage: a diffusion on 4 by 4
#
# The U-Net of chapter 06 on tensors with four channels, your `latent_loss`, your `latent_sample`. It learns the
# velocity, as in exercises 06. A quarter of a minute. Beside it the bill of a single convolution in each world.


# %% demo=true
def second_stage(first, scale, steps):
    """A U-Net that has learned the latents of `first`."""
    torch.manual_seed(1)
    net = UNet(4, 32, (1,), attention=(False,))
    schedule = NoiseSchedule.cosine(100)

    def loss_of(x, g):
        return latent_loss(net, first, x, schedule, scale, g, predicts="v")

    losses = train(loss_of, [*net.parameters()], steps, 3e-3)
    return net.eval(), schedule, sum(losses[-50:]) / 50


def draw(net, first, schedule, scale, n=200, **options):
    g = torch.Generator().manual_seed(2)
    return latent_sample(net, first, schedule, (n, 4, 4, 4), scale, g, predicts="v", **options)


def far(x):
    """The Fréchet distance to the training pictures, all of them made 8 by 8."""
    small = [nn.functional.avg_pool2d(a, 4).flatten(1).double() for a in (pictures, x)]
    return frechet_distance(*small)


net, schedule, loss = second_stage(stage, scale, 400)
x = draw(net, stage, schedule, scale)
print(f"loss {loss:.3f}; Fréchet distance: noise {far(torch.randn(200, 1, 32, 32)):.0f}, yours {far(x):.1f}, "
      f"new pictures after the first stage {far(again[:200]):.1f}, as they are {far(unseen[:200]):.1f}")  # fmt: skip
sheet(x[:32], "drawn: 100 steps on 4 by 4, then the decoder, once")
sheet(draw(net, stage, schedule, scale, 32, steps=10), "the same, in 10 steps of DDIM")
pixels, latents = (conv_macs((1, 32, n, n), 32, 3, 1, 1) for n in (32, 4))
print(
    f"a convolution, 32 channels: {pixels:,} on pixels, {latents:,} on latents: {pixels // latents} times less"
)

# %% [markdown]
# No step of the way has seen a pixel. And the best that any second stage can do is the first stage's own row:
# what the decoder cannot draw, no diffusion in front of it can.
#
# ### From one digit to another
#
# Halfway between two latents, and halfway between two pictures. Which is a digit, and which a double exposure?

# %% demo=true
a, b = pictures[5:6], pictures[8:9]
share = torch.linspace(0, 1, 16).view(-1, 1, 1, 1)
with torch.no_grad():
    between = stage.decode(torch.lerp(*(encode_latents(stage, p, 1.0) for p in (a, b)), share))
sheet(
    torch.cat([between, torch.lerp(a, b, share)]), "through the latents; below, through the pixels"
)

# %% [markdown]
# ## Break it
#
# A colleague brings a first stage "as good as yours": its reconstructions are the same to the last digit. But its
# codes are in other units, twenty times as large. Three second stages go wrong. Nothing crashes. What is each one's
# mistake? Look at the numbers before you open the answers.

# %% demo=true
theirs = SimpleNamespace(
    encode=lambda x: (20 * stage.encode(x)[0], stage.encode(x)[1] + 2 * math.log(20)),
    decode=lambda z: stage.decode(z / 20),
)
own = latent_scale(theirs, pictures)
print(f"scale: yours {scale:.3f}, the colleague's {own:.3f}")
print(
    f"healthy: loss {loss:.3f}, Fréchet distance {far(x):.1f}, spread over the samples {x.std(0).mean():.2f}\n"
)

net_a, _, loss_a = second_stage(theirs, 1.0, 200)
x_a = draw(net_a, theirs, schedule, 1.0)
print(f"patient A: loss {loss_a:.4f}, Fréchet distance {far(x_a):.1f}, "
      f"spread over the samples {x_a.std(0).mean():.2f}")  # fmt: skip
sheet(x_a[:16], "patient A")

x_b = draw(net, SimpleNamespace(decode=lambda z: theirs.decode(own * z)), schedule, own)
print(f"patient B: loss {loss:.4f}, Fréchet distance {far(x_b):.1f}, "
      f"spread over the samples {x_b.std(0).mean():.2f}")  # fmt: skip
sheet(x_b[:16], "patient B")

torch.manual_seed(1)
first = FirstStage(1, 4, width=8, multipliers=(2, 4, 4))
first.load_state_dict(stage.state_dict())
net_c = UNet(4, 32, (1,), attention=(False,))
losses = train(
    lambda x, g: ddpm_loss(net_c, scale * first.encode(x)[0], schedule, g),
    [*net_c.parameters(), *first.parameters()],
    120,
    3e-3,
)
spread = encode_latents(first, pictures, scale).std()
print(
    f"patient C: loss {sum(losses[-50:]) / 50:.4f}, its scaled latents have deviation {spread:.3f}"
)
with torch.no_grad():
    sheet(first(unseen[:16]), "patient C: not even samples, just new pictures encoded and decoded")

# %% [markdown]
# <details><summary>Patient A</summary>
#
# The codes are not scaled. The schedule is made for variance 1; in data of deviation 20 its noise is hardly seen until
# the last few steps. All that a sample will be is settled there, in a few strides, and a network of numbers near 1
# has to say numbers near 20. With its own scale this first stage is as good as yours: $s\,\mu(x)$ is the same to the last
# digit. (Codes far too *small* are gone after the first few steps instead, and their loss looks wonderful.)
# </details>
# <details><summary>Patient B</summary>
#
# A good second stage, and a decoder that is handed its *scaled* latents: in the colleague's units, codes twenty times too
# small, all of them close to 0. So all pictures are nearly the picture of the code 0, and the spread tells. The loss cannot
# know, for no loss looks at the way out.
# </details>
# <details><summary>Patient C</summary>
#
# A gradient into the first stage. Noise is easy to see in $z_t$ if $z$ is the same for all pictures, or small, or where nothing is;
# so the encoder forgets its pictures, and the loss falls. Freezing it is no thrift. It is what keeps the data from
# running away. (To train both at once one needs the reconstruction in the loss, and with it a bound that holds: chapter
# 03's, with the diffusion as the prior.)
# </details>
#
# ## Questions to think about
#
# <details><summary>1. Why one scale for all channels, and not one for each?</summary>
#
# One number keeps the proportions that the decoder knows: a channel that says little stays small, and is drowned in
# noise early, as fine detail is in pixels. One for each channel would make all equally important to the loss. Both
# are done. Stable Diffusion has one number, 0.18215.
# </details>
# <details><summary>2. If a KL towards N(0, I) were strong enough, no scale would be needed. Why not?</summary>
#
# Then the codes would be noise already, and the decoder would have little to go by: the posterior's collapse of chapter 03.
# A weight of 0.01 or less keeps codes from running off and leaves nearly all of the information in them. That they are
# not normal is the second stage's business: to learn what they are.
# </details>
# <details><summary>3. Is the loss of a latent diffusion comparable to that of a pixel diffusion, or of another first stage?</summary>
#
# No. It is an error in units of latents, and patient A has shown what units do. Compare pictures, by a distance
# between features, or likelihoods in pixels.
# </details>
# <details><summary>4. A first stage with 16 times fewer numbers: is the diffusion 16 times faster?</summary>
#
# By part A a convolution is $64$ times cheaper on 4 by 4 than on 32 by 32, and attention's scores 4096 times. But the network may
# need more channels to say as much, and small tensors leave processors idle. Measure: the chapter does.
# </details>
# <details><summary>5. Where do faces and small writing go wrong in such models, and who is to blame?</summary>
#
# Often the first stage. Encode a real picture and decode it: what is lost there is lost to all that follows. That is
# the first thing to look at, since it needs no sampling.
# </details>
#
# **Harder, no points.** Train the second stage with `predicts="eps"` on the colleague's codes, unscaled, and find the
# factor at which it breaks. Give `latent_scale` one number for each channel, and compare. And: hand `first_stage_loss` a
# weight of 1 and of 100. Where is the best Fréchet distance of the *samples*, where that of the reconstructions?
