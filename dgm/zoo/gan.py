"""The GAN of Fashion-MNIST, with a record of its training. Taught in: chapter 04."""

import math
from collections.abc import Iterator

import torch
from torch import nn

from dgm.data.batches import in_parts, minibatches
from dgm.evaluate import frechet_distance
from dgm.gan import gan_train
from dgm.nn.learning_rate import cosine, with_rate
from dgm.nn.networks import conv_gan
from dgm.zoo import classifier
from dgm.zoo.checkpoints import Checkpoint

ABOUT = "convolutional GAN, 32 latent dimensions, with a record of its training"
STEPS, BATCH, RATE = 5000, 64, 1e-3
FRAMES, CELLS, POINTS = 24, 16, 100  # pictures of a film, samples in each, points of a curve


class ImageGAN(nn.Module):
    """A generator, a discriminator, and what was seen while they trained.

    Attributes:
        net_g, net_d: the networks of `dgm.nn.networks.conv_gan`.
        latent_dim: K.
        frames: (24, 16, 28, 28) uint8, samples of the same 16 codes in the course of training;
            `frame_steps` (24,) says after how many steps, more densely at the beginning.
        d_real, d_fake: (100,) the mean of D on data and on samples, after `curve_steps` (100,).
    """

    frames: torch.Tensor
    frame_steps: torch.Tensor
    d_real: torch.Tensor
    d_fake: torch.Tensor
    curve_steps: torch.Tensor

    def __init__(self, latent_dim: int = 32, width: int = 32) -> None:
        super().__init__()
        self.latent_dim = latent_dim
        self.net_g, self.net_d = conv_gan(latent_dim, width=width)
        self.register_buffer("frames", torch.zeros(FRAMES, CELLS, 28, 28, dtype=torch.uint8))
        self.register_buffer("frame_steps", torch.zeros(FRAMES, dtype=torch.int64))
        self.register_buffer("d_real", torch.zeros(POINTS))
        self.register_buffer("d_fake", torch.zeros(POINTS))
        self.register_buffer("curve_steps", torch.zeros(POINTS, dtype=torch.int64))

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        """Images (B, 1, 28, 28) in [-1, 1] of codes z (B, K)."""
        return self.net_g(z)

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator | None = None) -> torch.Tensor:
        """Draw n images (n, 1, 28, 28)."""
        return self(torch.randn(n, self.latent_dim, generator=generator))

    @torch.no_grad()
    def record(self, step: int, x: torch.Tensor, z: torch.Tensor) -> None:
        """Note what there is to see after `step` steps, if it is one of those foreseen."""
        frame, point = self.frame_steps == step, self.curve_steps == step
        if not (frame.any() or point.any()):
            return
        x_fake = self.net_g(z)  # with the statistics of this batch, as in training
        self.frames[frame] = ((x_fake[:CELLS, 0] + 1) * 127.5).round().to(torch.uint8)
        self.d_real[point] = torch.sigmoid(self.net_d(x)).mean()
        self.d_fake[point] = torch.sigmoid(self.net_d(x_fake)).mean()


def build() -> ImageGAN:
    """Both networks, untrained, of images (B, 1, 28, 28)."""
    return ImageGAN()


def train(
    model: ImageGAN,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
) -> Iterator[float]:
    """Play with the non-saturating loss, and yield the discriminator's; labels are not used.

    Both learning rates fall to 0 along a cosine.
    """
    model.frame_steps.copy_((torch.linspace(1, math.sqrt(steps), FRAMES) ** 2).round())
    model.curve_steps.copy_(torch.linspace(1, steps, POINTS).round())
    z = torch.randn(BATCH, model.latent_dim, generator=torch.Generator().manual_seed(0))
    opt_g, opt_d = (
        torch.optim.Adam(net.parameters(), RATE, (0.5, 0.999)) for net in (model.net_g, model.net_d)
    )
    data = minibatches(x, BATCH, steps, g)
    checkpoint.resume(data, model=model, opt_g=opt_g, opt_d=opt_d)
    game = gan_train(
        model.net_g, model.net_d, data, opt_g, opt_d, latent_dim=model.latent_dim, generator=g
    )
    losses = (loss for loss, _ in game)
    rated = with_rate(
        losses, [opt_g, opt_d], lambda step: RATE * cosine(step, steps), checkpoint.step
    )
    for step, loss in enumerate(rated, checkpoint.step + 1):
        model.record(step, x[:256], z)
        yield loss


@torch.no_grad()
def measure(model: ImageGAN, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """What a discriminator and a classifier make of as many samples as there are images x."""
    judge = classifier.pretrained()
    x_fake = model.sample(len(x), torch.Generator().manual_seed(0))
    share = classes(in_parts(judge, x_fake))
    return {
        "d_on_test_images": torch.sigmoid(in_parts(model.net_d, x)).mean().item(),
        "d_on_samples": torch.sigmoid(in_parts(model.net_d, x_fake)).mean().item(),
        "frechet_distance": frechet_distance(
            in_parts(judge.features, x), in_parts(judge.features, x_fake)
        ),
        "classes_of_1_percent_or_more": int((share >= 0.01).sum()),
        "smallest_class": share.min().item(),
        "largest_class": share.max().item(),
    }


def classes(logits: torch.Tensor) -> torch.Tensor:
    """The share (n_classes,) of the rows that a classifier's logits (B, n_classes) put in each."""
    return torch.bincount(logits.argmax(1), minlength=logits.shape[1]) / len(logits)
