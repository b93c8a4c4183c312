"""The ControlNet on `ddpm_classes`: edges steer what it draws. Taught in: chapter 08."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from dgm.controlnet import ControlNet, edge_agreement, edges
from dgm.data.batches import minibatches
from dgm.guidance import ClassifierFreeGuidance, conditional_train
from dgm.nn.learning_rate import with_rate
from dgm.zoo import classifier, ddpm_classes
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.ddpm_classes import DROPPED, NO_CLASS, SAMPLES
from dgm.zoo.judges import clothes_judge
from dgm.zoo.settings import copy_ema_adam, ddim_images

ABOUT = "ControlNet on ddpm_classes, which edges steer: only its branch"
SETTINGS = replace(ddpm_classes.SETTINGS, steps=800, lr=1e-3)


class Steered(ControlNet):
    """A ControlNet whose state is that of its branch alone: the locked network has its own."""

    def state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """The branch's."""
        return self.branch.state_dict(*args, **kwargs)

    def load_state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """Of the branch."""
        return self.branch.load_state_dict(*args, **kwargs)


def build() -> Steered:
    """The branch, untrained, on the network of classes that ships."""
    return Steered(ddpm_classes.pretrained())


def train(
    model: ControlNet,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
) -> Iterator[float]:
    """Train the branch of `model` on images x, labels y and the images' own edges.

    Only the branch is trained as a copy and averaged; the rest of `model` does not change.
    """
    branch, ema, optimizer = copy_ema_adam(SETTINGS, model.branch, steps)
    net = copy.deepcopy(model)
    net.branch = branch
    rows = minibatches(torch.arange(len(x)), SETTINGS.batch, steps, g)
    checkpoint.resume(rows, net=branch, ema=ema, optimizer=optimizer)
    schedule = SETTINGS.schedule()
    losses = conditional_train(
        net,
        ((x[i], y[i], edges(x[i])) for i in rows),
        schedule,
        optimizer,
        NO_CLASS,
        DROPPED,
        predicts=SETTINGS.predicts,
        weight=SETTINGS.weight(schedule),
        generator=g,
    )

    def averaging() -> Iterator[float]:
        for loss in losses:
            ema.update(branch)
            yield loss

    return with_rate(
        averaging(), [optimizer], lambda step: SETTINGS.rate(step, steps), checkpoint.step
    )


def sample(
    model: nn.Module,
    y: torch.Tensor,
    control: torch.Tensor,
    w: float = 0.0,
    generator: torch.Generator | None = None,
    *,
    steps: int = SETTINGS.sample_steps,
) -> torch.Tensor:
    """Draw an image of each class y (n,) along the edges `control` (n, 1, 28, 28).

    The same generator gives the noise of `dgm.zoo.ddpm_classes.sample`.
    """
    guided = ClassifierFreeGuidance(model, w, NO_CLASS) if w else model
    return ddim_images(SETTINGS, guided, (len(y), 1, 28, 28), generator, y, control, steps=steps)


def measure(model: ControlNet, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """How well samples follow the edges of images x of their class, with the control and without.

    1000 samples, or as many as there are images; both from the same noise.
    """
    x, y = x[:SAMPLES], y[:SAMPLES]
    control, found = edges(x), {}
    for ending, steered in (("", True), ("_without_control", False)):
        g = torch.Generator().manual_seed(0)
        if steered:
            samples = sample(model, y, control, generator=g)
        else:
            samples = ddpm_classes.sample(model.unet, y, generator=g)
        _, p = clothes_judge(classifier.pretrained())(samples)
        found[f"edge_agreement{ending}"] = edge_agreement(samples, control).mean().item()
        found[f"class_accuracy{ending}"] = (p.argmax(1) == y).float().mean().item()
    return found
