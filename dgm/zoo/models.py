"""All models that come with the course, by name: `pretrained("vae")`.

Each has a file in this folder that says how it is built, trained and measured; `python -m dgm.train
NAME` does that.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

import torch
from torch import nn

from dgm.zoo import (
    autoencoder,
    autoencoder_2d,
    classifier,
    controlnet,
    ddpm,
    ddpm_captions,
    ddpm_cifar10,
    ddpm_classes,
    ddpm_digits,
    first_stage,
    gan,
    ldm,
    object_classifier,
    sae,
    vae,
    vae_bernoulli,
)
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.settings import Settings
from dgm.zoo.weights import load_weights


@dataclass(frozen=True)
class Recipe:
    """One model that ships.

    Attributes:
        about: a line for the list of names.
        build: makes the model, untrained.
        train: from the model, images x, labels y, steps, a generator and what keeps checkpoints
            to each step's loss. What ships is the model at the end.
        measure: from the model, images x and labels y of the test set to its metrics.
        steps: how many steps are enough.
        few: on so many test images the metrics can be computed again in seconds.
        anywhere: it can train on a GPU, too, and in several processes.
    """

    about: str
    build: Callable[[], nn.Module]
    train: Callable[
        [Any, torch.Tensor, torch.Tensor, int, torch.Generator, Checkpoint], Iterator[float]
    ]
    measure: Callable[[Any, torch.Tensor, torch.Tensor], dict[str, float]]
    steps: int
    few: int = 2000
    anywhere: bool = False


def pretrained(name: str) -> Any:
    """The model of that name with the weights that ship, in evaluation mode.

    Raises:
        ValueError: for a name that is not in `MODELS`.
        FileNotFoundError: if its weights are not there.
    """
    if name not in MODELS:
        raise ValueError(f"name is {name!r}, wanted one of {', '.join(MODELS)}")
    return load_weights(name, MODELS[name].build())


def recipe_of(name: str, data: str = "fashion_mnist", small: bool = False) -> Recipe:
    """The recipe of that name for that data, or one just like it but small, to try it out.

    Raises:
        ValueError: if there is none.
    """
    if name == "ddpm" and data in DDPMS:
        module = DDPMS[data]
        return with_settings(module, module.SETTINGS.small() if small else module.SETTINGS)
    if small:
        raise ValueError("small is only there for ddpm; the others take minutes")
    if name == "ddpm" or data not in ("fashion_mnist", "mnist"):
        wanted = DDPMS if name == "ddpm" else ("fashion_mnist", "mnist")
        raise ValueError(f"data is {data!r}, wanted one of {', '.join(wanted)} for {name}")
    return MODELS[name]


def with_settings(module: ModuleType, settings: Settings) -> Recipe:
    """What `dgm.zoo.ddpm` or one like it makes with these settings."""
    return Recipe(
        ddpm.ABOUT,
        partial(module.build, settings),
        partial(module.train, settings=settings),
        partial(module.measure, settings=settings),
        settings.steps,
        few=200,
        anywhere=True,
    )


def of(module: ModuleType, steps: int, few: int = 2000) -> Recipe:
    """What a file of this folder makes."""
    return Recipe(module.ABOUT, module.build, module.train, module.measure, steps, few)


DDPMS = {"fashion_mnist": ddpm, "digits": ddpm_digits, "cifar10": ddpm_cifar10}
MODELS: dict[str, Recipe] = {
    "autoencoder": of(autoencoder, autoencoder.STEPS),
    "autoencoder_2d": of(autoencoder_2d, autoencoder_2d.STEPS),
    "vae": of(vae, vae.STEPS),
    "vae_bernoulli": of(vae_bernoulli, vae_bernoulli.STEPS),
    "classifier": of(classifier, classifier.STEPS),
    "sae": of(sae, sae.STEPS),
    "gan": of(gan, gan.STEPS),
    "ddpm": with_settings(ddpm, ddpm.SETTINGS),
    "first_stage": of(first_stage, first_stage.STEPS),
    "ldm": of(ldm, ldm.SETTINGS.steps, few=200),
    "ddpm_classes": of(ddpm_classes, ddpm_classes.SETTINGS.steps, few=100),
    "object_classifier": of(object_classifier, object_classifier.STEPS),
    "ddpm_captions": of(ddpm_captions, ddpm_captions.SETTINGS.steps, few=100),
    "controlnet": of(controlnet, controlnet.SETTINGS.steps, few=100),
}
