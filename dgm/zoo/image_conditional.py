"""Conditional diffusion models of images: of classes, of captions, and steered by an edge map.

What they are, samples of them, and what is asked of those; `dgm.zoo.conditional_training` makes them
learn. Taught in: chapter 08.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from dgm.controlnet import ControlNet, edge_agreement, edges
from dgm.data.captions import LENGTH, OBJECTS, captioned_images, cut_out, looks_like, tokenizer
from dgm.ddpm import ddim_sample
from dgm.evaluate import frechet_distance
from dgm.guidance import ClassifierFreeGuidance, given
from dgm.nn.networks import Classifier
from dgm.nn.text import Captioned, TextEncoder
from dgm.nn.unet import UNet
from dgm.zoo.image_ddpm import AT_ONCE, CLIP, Settings
from dgm.zoo.judges import clothes_judge

CLASSES = Settings(
    "fashion_mnist",
    {
        "channels": 1,
        "width": 32,
        "multipliers": (1, 2),
        "attention": (False, True),
        "patch": 2,
        "classes": 11,
    },
    steps=3200,
    batch=64,
    gamma=5.0,
    sample_steps=25,
)
NO_CLASS = 10  # the null label, one of the 11
CAPTIONS = replace(  # all steps alike: the place is settled where there is nearly nothing but noise
    CLASSES,
    unet={
        "channels": 3,
        "width": 32,
        "multipliers": (1, 2),
        "attention": (False, True),
        "patch": 2,
        "context_dim": 64,
    },
    steps=5000,
    gamma=None,
)
CONTROL = replace(CLASSES, unet={}, steps=800, lr=1e-3)
SAMPLES = 1000  # that are judged, at most


# Classes


def build_classes(settings: Settings = CLASSES) -> UNet:
    """The network that is told a class, untrained."""
    return UNet(**settings.unet)


def sample_classes(
    model: nn.Module,
    y: torch.Tensor,
    w: float = 0.0,
    generator: torch.Generator | None = None,
    *,
    steps: int = CLASSES.sample_steps,
) -> torch.Tensor:
    """Draw an image of each class y (n,) by DDIM with guidance: (n, 1, 28, 28).

    The same generator gives the same noise whatever w is.
    """
    return _sample(model, (y,), NO_CLASS, w, (1, 28, 28), generator, steps)


def measure_classes(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, clothes: Classifier
) -> dict[str, float]:
    """Whether samples are of the class that was asked for, and how like the data x they are.

    1000 samples, or as many as there are images, without guidance and with w = 1.
    """
    asked, judge, found = y[:SAMPLES], clothes_judge(clothes), {}
    real, _ = judge(x)
    for name, w in (("", 0.0), ("_w1", 1.0)):
        g = torch.Generator().manual_seed(0)
        fake, p = judge(sample_classes(model, asked, w, g))
        found[f"class_accuracy{name}"] = (p.argmax(1) == asked).float().mean().item()
        found[f"frechet_distance{name}"] = frechet_distance(real, fake)
    return found


# Captions


def build_captions(settings: Settings = CAPTIONS) -> Captioned:
    """The network that reads captions, with its text encoder, untrained."""
    unet = UNet(**settings.unet)
    width = settings.unet["context_dim"]
    return Captioned(unet, TextEncoder(len(tokenizer().vocabulary), width, length=LENGTH))


def sample_captions(
    model: nn.Module,
    captions: Sequence[str],
    w: float = 0.0,
    generator: torch.Generator | None = None,
    *,
    steps: int = CAPTIONS.sample_steps,
) -> torch.Tensor:
    """Draw a picture for each of n captions by DDIM with guidance: (n, 3, 28, 28).

    Raises:
        ValueError: for a word that is not known, naming those that are.
    """
    words = tokenizer()
    tokens = words.encode(captions)
    return _sample(model, (tokens,), words.null, w, (3, 28, 28), generator, steps)


def attributes_right(images: torch.Tensor, scenes: torch.Tensor, judge: Classifier) -> torch.Tensor:
    """Whether object, colour and place of pictures (n, 3, 28, 28) are those of the scenes (n, 3).

    Colour and place are measured; what stands at the place that was found, `judge` tells, a
    classifier of `OBJECTS` trained on what `cut_out` gives.

    Returns:
        (n, 3) booleans.
    """
    measured = looks_like(images)  # colour and place
    with torch.no_grad():
        thing = judge(cut_out(images, measured[:, 1])).argmax(1)
    return torch.cat([thing[:, None], measured], 1) == scenes


def measure_captions(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, judge: Classifier
) -> dict[str, float]:
    """How often each attribute of a caption is seen in its picture, at w = 1.

    Scenes as in training, and those held out: 500 of each at most.
    """
    found = {}
    n = min(SAMPLES, len(x)) // 2
    for seen, ending in ((True, ""), (False, "_never_seen")):
        g = torch.Generator().manual_seed(0)
        _, scenes, texts = captioned_images(x, y, n, seen, g)
        right = attributes_right(sample_captions(model, texts, 1.0, g), scenes, judge)
        for name, hits in zip(("object", "colour", "place"), right.T, strict=True):
            found[name + ending] = hits.float().mean().item()
        found["all" + ending] = right.all(1).float().mean().item()
    return found


# The classifier that judges them


def build_object_classifier() -> Classifier:
    """A classifier of the objects of captions, untrained."""
    return Classifier(len(OBJECTS))


def measure_object_classifier(
    model: Classifier, x: torch.Tensor, y: torch.Tensor
) -> dict[str, float]:
    """The share of objects told right in scenes of items x, as many as there are items.

    Of scenes as in training, and of those held out; and how often all three attributes are.
    """
    found = {}
    for seen, ending in ((True, ""), (False, "_never_seen")):
        g = torch.Generator().manual_seed(0)
        images, scenes, _ = captioned_images(x, y, len(x), seen, g)
        right = attributes_right(images, scenes, model)
        found["accuracy" + ending] = right[:, 0].float().mean().item()
        found["all_three" + ending] = right.all(1).float().mean().item()
    return found


# A control


class Steered(ControlNet):
    """A ControlNet whose state is that of its branch alone: the locked network has its own."""

    def state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """The branch's."""
        return self.branch.state_dict(*args, **kwargs)

    def load_state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """Of the branch."""
        return self.branch.load_state_dict(*args, **kwargs)


def sample_controlled(
    model: nn.Module,
    y: torch.Tensor,
    control: torch.Tensor,
    w: float = 0.0,
    generator: torch.Generator | None = None,
    *,
    steps: int = CONTROL.sample_steps,
) -> torch.Tensor:
    """Draw an image of each class y (n,) along the edges `control` (n, 1, 28, 28).

    The same generator gives the noise of `sample_classes`.
    """
    return _sample(model, (y, control), NO_CLASS, w, (1, 28, 28), generator, steps)


def measure_control(
    model: ControlNet, x: torch.Tensor, y: torch.Tensor, clothes: Classifier
) -> dict[str, float]:
    """How well samples follow the edges of images x of their class, with the control and without.

    1000 samples, or as many as there are images; both from the same noise.
    """
    x, y = x[:SAMPLES], y[:SAMPLES]
    control, found = edges(x), {}
    for ending, steered in (("", True), ("_without_control", False)):
        g = torch.Generator().manual_seed(0)
        if steered:
            samples = sample_controlled(model, y, control, generator=g)
        else:
            samples = sample_classes(model.unet, y, generator=g)
        _, p = clothes_judge(clothes)(samples)
        found[f"edge_agreement{ending}"] = edge_agreement(samples, control).mean().item()
        found[f"class_accuracy{ending}"] = (p.argmax(1) == y).float().mean().item()
    return found


@torch.no_grad()
def _sample(
    model: nn.Module,
    conditions: tuple[torch.Tensor, ...],
    null: int | torch.Tensor,
    w: float,
    shape: tuple[int, ...],
    generator: torch.Generator | None,
    steps: int,
) -> torch.Tensor:
    """Some at a time, by DDIM; without guidance the model is asked once a step, else twice."""
    guided = ClassifierFreeGuidance(model, w, null) if w else model
    schedule = CLASSES.schedule().to(next(model.parameters()).device)
    parts = []
    for some in zip(*(c.split(AT_ONCE) for c in conditions), strict=True):
        parts.append(
            ddim_sample(
                given(guided, *some),
                schedule,
                (len(some[0]), *shape),
                steps,
                generator=generator,
                predicts=CLASSES.predicts,
                clip=CLIP,
            )
        )
    return torch.cat(parts)
