"""What `python -m dgm.train NAME` makes: for each name how to build, train and measure it.

A later chapter adds a line to `RECIPES`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from dgm.autoencoder import Autoencoder
from dgm.latent import FirstStage
from dgm.nn.networks import Classifier
from dgm.sparse import SparseAutoencoder
from dgm.zoo.checkpoints import Keep
from dgm.zoo.conditional_training import (
    train_captions,
    train_classes,
    train_control,
    train_object_classifier,
)
from dgm.zoo.image_autoencoder import (
    measure_autoencoder,
    measure_classifier,
    measure_sae,
    train_autoencoder,
    train_classifier,
    train_sae,
)
from dgm.zoo.image_conditional import (
    CAPTIONS,
    CLASSES,
    CONTROL,
    Steered,
    build_captions,
    build_classes,
    build_object_classifier,
    measure_captions,
    measure_classes,
    measure_control,
    measure_object_classifier,
)
from dgm.zoo.image_ddpm import SETTINGS, build_ddpm, measure_ddpm, train_ddpm
from dgm.zoo.image_gan import ImageGAN, measure_image_gan, train_image_gan
from dgm.zoo.image_latent import (
    LATENT,
    LatentUNet,
    measure_first_stage,
    measure_ldm,
    train_first_stage,
    train_ldm,
)
from dgm.zoo.image_vae import (
    build_vae,
    build_vae_bernoulli,
    measure_vae,
    measure_vae_bernoulli,
    train_vae,
    train_vae_bernoulli,
)
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
    train: Callable[[Any, torch.Tensor, torch.Tensor, int, torch.Generator, Keep], Iterator[float]]
    measure: Callable[[Any, torch.Tensor, torch.Tensor], dict[str, float]]
    steps: int
    few: int = 2000
    anywhere: bool = False


def pretrained(name: str) -> Any:
    """The model of that name with the weights that ship, in evaluation mode.

    Raises:
        ValueError: for a name that is not in `RECIPES`.
        FileNotFoundError: if its weights are not there.
    """
    if name not in RECIPES:
        raise ValueError(f"name is {name!r}, wanted one of {', '.join(RECIPES)}")
    return load_weights(name, RECIPES[name].build())


def recipe_of(name: str, data: str = "fashion_mnist", small: bool = False) -> Recipe:
    """The recipe of that name for that data, or one just like it but small, to try it out.

    Raises:
        ValueError: if there is none.
    """
    if name == "ddpm" and data in SETTINGS:
        return ddpm_recipe(data, small)
    if small:
        raise ValueError("small is only there for ddpm; the others take minutes")
    if name == "ddpm" or data not in ("fashion_mnist", "mnist"):
        wanted = SETTINGS if name == "ddpm" else ("fashion_mnist", "mnist")
        raise ValueError(f"data is {data!r}, wanted one of {', '.join(wanted)} for {name}")
    return RECIPES[name]


# With the classifier that ships as a judge


def measure_gan(model: ImageGAN, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """`dgm.zoo.image_gan.measure_image_gan` with the classifier that ships."""
    return measure_image_gan(model, x, pretrained("classifier"))


def ddpm_recipe(data: str, small: bool = False) -> Recipe:
    """The diffusion model of one of the sets of images in `dgm.zoo.image_ddpm.SETTINGS`."""
    settings = SETTINGS[data].small() if small else SETTINGS[data]

    def measure(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
        clothes = pretrained("classifier") if data == "fashion_mnist" else None
        return measure_ddpm(settings, model, x, clothes)

    return Recipe(
        "diffusion model (DDPM): a U-Net; for digits and cifar10 too",
        lambda: build_ddpm(settings),
        lambda *args: train_ddpm(settings, *args),
        measure,
        steps=settings.steps,
        few=200,
        anywhere=True,
    )


RECIPES: dict[str, Recipe] = {
    "autoencoder": Recipe(
        "autoencoder, 32 latent dimensions",
        lambda: Autoencoder(784, 32, (128,)),
        train_autoencoder,
        measure_autoencoder,
        steps=9000,
    ),
    "autoencoder_2d": Recipe(
        "autoencoder, 2 latent dimensions: a map of the data",
        lambda: Autoencoder(784, 2, (128, 64)),
        train_autoencoder,
        measure_autoencoder,
        steps=9000,
    ),
    "vae": Recipe(
        "convolutional VAE of quantised images, 16 latent dimensions",
        build_vae,
        train_vae,
        measure_vae,
        steps=6000,
    ),
    "vae_bernoulli": Recipe(
        "the same VAE with the Bernoulli likelihood: for pictures",
        build_vae_bernoulli,
        train_vae_bernoulli,
        measure_vae_bernoulli,
        steps=6000,
    ),
    "classifier": Recipe(
        "convolutional classifier, whose 64 activations later chapters use",
        Classifier,
        train_classifier,
        measure_classifier,
        steps=4500,
    ),
    "sae": Recipe(
        "sparse autoencoder of the classifier's activations, 256 features",
        lambda: SparseAutoencoder(64, 256),
        lambda model, *args: train_sae(model, pretrained("classifier"), *args),
        lambda model, x, y: measure_sae(model, pretrained("classifier"), x, y),
        steps=8000,
    ),
    "gan": Recipe(
        "convolutional GAN, 32 latent dimensions, with a record of its training",
        ImageGAN,
        train_image_gan,
        measure_gan,
        steps=5000,
    ),
    "ddpm": ddpm_recipe("fashion_mnist"),
    "first_stage": Recipe(
        "autoencoder of a latent diffusion: images to codes of 4 x 7 x 7 and back",
        FirstStage,
        train_first_stage,
        lambda model, x, y: measure_first_stage(model, x, pretrained("classifier")),
        steps=3000,
    ),
    "ldm": Recipe(
        "latent diffusion model: DDPM on the codes of first_stage",
        LatentUNet,
        lambda model, *args: train_ldm(model, pretrained("first_stage"), *args),
        lambda model, x, y: measure_ldm(
            model, pretrained("first_stage"), x, pretrained("classifier")
        ),
        steps=LATENT.steps,
        few=200,
    ),
    "ddpm_classes": Recipe(
        "diffusion model that is told a class, or none: for guidance",
        build_classes,
        lambda *args: train_classes(CLASSES, *args),
        lambda model, x, y: measure_classes(model, x, y, pretrained("classifier")),
        steps=CLASSES.steps,
        few=100,
    ),
    "object_classifier": Recipe(
        "classifier of the objects of captioned scenes: it judges ddpm_captions",
        build_object_classifier,
        train_object_classifier,
        measure_object_classifier,
        steps=1500,
    ),
    "ddpm_captions": Recipe(
        "diffusion model that reads captions, with its text encoder",
        build_captions,
        lambda *args: train_captions(CAPTIONS, *args),
        lambda model, x, y: measure_captions(model, x, y, pretrained("object_classifier")),
        steps=CAPTIONS.steps,
        few=100,
    ),
    "controlnet": Recipe(
        "ControlNet on ddpm_classes, which edges steer: only its branch",
        lambda: Steered(pretrained("ddpm_classes")),
        lambda *args: train_control(CONTROL, *args),
        lambda model, x, y: measure_control(model, x, y, pretrained("classifier")),
        steps=CONTROL.steps,
        few=100,
    ),
}
