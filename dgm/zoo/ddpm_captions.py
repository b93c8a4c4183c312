"""The diffusion model that reads captions, with its text encoder.

    x = sample(pretrained("ddpm_captions"), ["a red bag at the center"], w=1.0)

Taught in: chapter 08.
"""

from collections.abc import Iterator, Sequence

import torch
from torch import nn

from dgm.data.batches import only_turns
from dgm.data.captions import LENGTH, captioned_images, tokenizer
from dgm.guidance import ClassifierFreeGuidance, conditional_train
from dgm.nn.learning_rate import with_rate
from dgm.nn.text import Captioned, TextEncoder
from dgm.nn.unet import UNet
from dgm.zoo import object_classifier
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.object_classifier import attributes_right
from dgm.zoo.settings import Settings, copy_ema_adam, ddim_images

ABOUT = "diffusion model that reads captions, with its text encoder"
SETTINGS = Settings(
    {
        "channels": 3,
        "width": 32,
        "multipliers": (1, 2),
        "attention": (False, True),
        "patch": 2,
        "context_dim": 64,
    },
    steps=5000,
    gamma=None,  # all steps alike: the place is settled where there is nearly nothing but noise
    sample_steps=25,
)
DROPPED = 0.1  # of the captions
SCENES = 500  # of each kind that are judged, at most


def build() -> Captioned:
    """The network, untrained: from xt (B, 3, 28, 28), t (B,) and tokens (B, L) to the velocity."""
    unet = UNet(**SETTINGS.unet)
    width = SETTINGS.unet["context_dim"]
    return Captioned(unet, TextEncoder(len(tokenizer().vocabulary), width, length=LENGTH))


def train(
    model: Captioned,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
) -> Iterator[float]:
    """Train a copy of `model`, its moving average, on scenes and captions, some of them dropped.

    Scenes are drawn anew for each batch from items x of classes y, none of those held out.
    """
    net, ema, optimizer = copy_ema_adam(SETTINGS, model, steps)
    turns = only_turns(steps, g)
    checkpoint.resume(turns, net=net, ema=ema, optimizer=optimizer)
    schedule, words = SETTINGS.schedule(), tokenizer()

    def batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for _ in turns:
            images, _, texts = captioned_images(x, y, SETTINGS.batch, generator=g)
            yield images, words.encode(texts)

    losses = conditional_train(
        net,
        batches(),
        schedule,
        optimizer,
        words.null,
        DROPPED,
        ema=ema,
        predicts=SETTINGS.predicts,
        weight=SETTINGS.weight(schedule),
        generator=g,
    )
    return with_rate(losses, [optimizer], lambda step: SETTINGS.rate(step, steps), checkpoint.step)


def sample(
    model: nn.Module,
    captions: Sequence[str],
    w: float = 0.0,
    generator: torch.Generator | None = None,
    *,
    steps: int = SETTINGS.sample_steps,
) -> torch.Tensor:
    """Draw a picture for each of n captions by DDIM with guidance: (n, 3, 28, 28).

    Raises:
        ValueError: for a word that is not known, naming those that are.
    """
    words = tokenizer()
    guided = ClassifierFreeGuidance(model, w, words.null) if w else model
    tokens = words.encode(captions)
    return ddim_images(SETTINGS, guided, (len(tokens), 3, 28, 28), generator, tokens, steps=steps)


def measure(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """How often each attribute of a caption is seen in its picture, at w = 1.

    Scenes as in training, and those held out: half as many of each as there are items x, 500 at
    most.
    """
    found, judge = {}, object_classifier.pretrained()
    n = min(SCENES, len(x) // 2)
    for seen, ending in ((True, ""), (False, "_never_seen")):
        g = torch.Generator().manual_seed(0)
        _, scenes, texts = captioned_images(x, y, n, seen, g)
        right = attributes_right(sample(model, texts, 1.0, g), scenes, judge)
        for name, hits in zip(("object", "colour", "place"), right.T, strict=True):
            found[name + ending] = hits.float().mean().item()
        found["all" + ending] = right.all(1).float().mean().item()
    return found
