"""The classifier of the objects of captioned scenes: it judges `ddpm_captions`.

Taught in: chapter 08.
"""

from collections.abc import Iterator

import torch
from torch.nn.functional import cross_entropy

from dgm.data.batches import only_turns
from dgm.data.captions import OBJECTS, captioned_images, cut_out, looks_like
from dgm.nn.descent import descend
from dgm.nn.learning_rate import optimizer_of
from dgm.nn.networks import Classifier
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.weights import load_weights

ABOUT = "classifier of the objects of captioned scenes: it judges ddpm_captions"
STEPS, BATCH, RATE = 1500, 128, 3e-3


def build() -> Classifier:
    """The network, untrained: from what `cut_out` gives (B, 1, 28, 28) to a logit an object."""
    return Classifier(len(OBJECTS))


def pretrained() -> Classifier:
    """The one that ships."""
    return load_weights("object_classifier", build())


def train(
    model: Classifier,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
) -> Iterator[float]:
    """Train on what is cut out of scenes, drawn anew for each batch from items x of classes y."""
    optimizer, lowering = optimizer_of(model, RATE, steps)
    turns = only_turns(steps, g)
    checkpoint.resume(turns, model=model, optimizer=optimizer)

    def losses() -> Iterator[torch.Tensor]:
        for _ in turns:
            images, scenes, _ = captioned_images(x, y, BATCH, generator=g)
            yield cross_entropy(model(cut_out(images, scenes[:, 2])), scenes[:, 0])

    return lowering(descend(model, losses(), optimizer), checkpoint.step)


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


def measure(model: Classifier, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
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
