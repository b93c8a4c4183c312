"""How the models of `dgm.zoo.image_conditional` learn: as `dgm.zoo.image_ddpm` does, with conditions.

Conditions are dropped now and then. What is given is trained as a copy, whose moving average it
becomes. Scenes with captions are drawn afresh for each batch. Taught in: chapter 08.
"""

import copy
from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from dgm.controlnet import ControlNet, edges
from dgm.data.batches import Minibatches, minibatches
from dgm.data.captions import captioned_images, cut_out, tokenizer
from dgm.guidance import conditional_train
from dgm.nn.ema import EMA
from dgm.nn.learning_rate import optimizer_of, with_rate
from dgm.nn.networks import Classifier
from dgm.nn.text import Captioned
from dgm.nn.unet import UNet
from dgm.zoo.checkpoints import Keep
from dgm.zoo.image_conditional import NO_CLASS
from dgm.zoo.image_ddpm import Settings, set_up

DROPPED = 0.1  # of the conditions


def train_classes(
    settings: Settings,
    model: UNet,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    keep: Keep,
) -> Iterator[float]:
    """Train on images x and their labels y, some of which are dropped."""
    net, ema, optimizer = set_up(settings, model, steps)
    rows = minibatches(torch.arange(len(x)), settings.batch, steps, g)
    keep(rows, net=net, ema=ema, optimizer=optimizer)
    batches = ((x[i], y[i]) for i in rows)
    losses = averaging(learn(settings, net, batches, NO_CLASS, optimizer, g), net, ema)
    return with_rate(losses, [optimizer], lambda step: settings.rate(step, steps), keep.step)


def train_captions(
    settings: Settings,
    model: Captioned,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    keep: Keep,
) -> Iterator[float]:
    """Train on scenes drawn from items x of classes y, none of those held out, and on captions.

    Some captions are dropped.
    """
    net, ema, optimizer = set_up(settings, model, steps)
    turns = only_turns(steps, g)
    keep(turns, net=net, ema=ema, optimizer=optimizer)
    words = tokenizer()

    def batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for _ in turns:
            images, _, texts = captioned_images(x, y, settings.batch, generator=g)
            yield images, words.encode(texts)

    losses = averaging(learn(settings, net, batches(), words.null, optimizer, g), net, ema)
    return with_rate(losses, [optimizer], lambda step: settings.rate(step, steps), keep.step)


def train_object_classifier(
    model: Classifier, x: torch.Tensor, y: torch.Tensor, steps: int, g: torch.Generator, keep: Keep
) -> Iterator[float]:
    """Train the model itself on what is cut out of scenes drawn from items x of classes y."""
    optimizer, lowering = optimizer_of(model, 3e-3, steps)
    turns = only_turns(steps, g)
    keep(turns, model=model, optimizer=optimizer)

    def losses() -> Iterator[float]:
        model.train()
        for _ in turns:
            images, scenes, _ = captioned_images(x, y, 128, generator=g)
            loss = cross_entropy(model(cut_out(images, scenes[:, 2])), scenes[:, 0])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            yield loss.item()

    return lowering(losses(), keep.step)


def train_control(
    settings: Settings,
    model: ControlNet,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    keep: Keep,
) -> Iterator[float]:
    """Train the branch of `model` on images x, labels y and the images' own edges.

    Only the branch is trained as a copy and averaged; the rest of `model` does not change.
    """
    branch, ema, optimizer = set_up(settings, model.branch, steps)
    net = copy.deepcopy(model)
    net.branch = branch
    rows = minibatches(torch.arange(len(x)), settings.batch, steps, g)
    keep(rows, net=branch, ema=ema, optimizer=optimizer)
    batches = ((x[i], y[i], edges(x[i])) for i in rows)
    losses = averaging(learn(settings, net, batches, NO_CLASS, optimizer, g), branch, ema)
    return with_rate(losses, [optimizer], lambda step: settings.rate(step, steps), keep.step)


def learn(
    settings: Settings,
    net: nn.Module,
    batches: Iterable[Sequence[torch.Tensor]],
    null: int | torch.Tensor,
    optimizer: torch.optim.Optimizer,
    g: torch.Generator,
) -> Iterator[float]:
    """`dgm.guidance.conditional_train` as the settings say."""
    schedule = settings.schedule()
    return conditional_train(
        net,
        batches,
        schedule,
        optimizer,
        null,
        DROPPED,
        predicts=settings.predicts,
        weight=settings.weight(schedule),
        generator=g,
    )


def averaging(losses: Iterator[float], net: nn.Module, ema: EMA) -> Iterator[float]:
    """Pass on the losses; after each step the average takes in what `net` is then."""
    for loss in losses:
        ema.update(net)
        yield loss


def only_turns(steps: int, g: torch.Generator) -> Minibatches:
    """Batches of nothing, so many, which bring g back to where it was: for data drawn from g."""
    return minibatches(torch.zeros(1), 1, steps, g)
