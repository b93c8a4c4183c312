"""Makes the pictures of the README and of the book's first page: front.png and families.png."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import torch

from dgm.data import load
from dgm.naive_bayes import GaussianNB
from dgm.vae import sample
from dgm.zoo import ddpm, ddpm_classes, ldm
from dgm.zoo.models import pretrained

STATIC = Path(__file__).parent / "_static"


def seeded() -> torch.Generator:
    """The same randomness for every row."""
    return torch.Generator().manual_seed(0)


def wall(
    rows: Iterable[torch.Tensor], path: Path, inches: float, names: Sequence[str] = ()
) -> None:
    """Save rows of ten images (10, 1, H, W) in [-1, 1], with their names to the left, if any."""
    rows = list(rows)
    figure, axes = plt.subplots(len(rows), 10, figsize=(7, inches), dpi=200)
    for line, images in zip(axes, rows, strict=True):
        for axis, image in zip(line, images, strict=True):
            axis.imshow(image[0].numpy(), cmap="gray_r", vmin=-1, vmax=1)
            axis.axis("off")
    for line, name in zip(axes, names, strict=False):
        line[0].text(-0.15, 0.5, name, transform=line[0].transAxes, ha="right", va="center")
    figure.subplots_adjust(0.2 if names else 0, 0, 1, 1, 0.08, 0.08)
    figure.savefig(path, metadata={"Software": None})
    plt.close(figure)


def draw(path: Path) -> None:
    """Draw ten digits of the data above ten that naive Bayes drew."""
    x, y = load("digits")
    model = GaussianNB().fit(x.flatten(1), y)
    drawn, classes = model.sample(500, generator=seeded())
    data = torch.stack([x[y == k][0] for k in range(10)])
    invented = torch.stack(
        [torch.as_tensor(drawn[classes == k][0]).view(1, 8, 8) for k in range(10)]
    )
    wall([data, invented], path, 1.45)


def draw_families(path: Path) -> None:
    """Draw ten clothes of the data above ten by each family, with the weights that ship."""
    x, y = load("fashion_mnist", "test")
    shape, classes = (10, 1, 28, 28), torch.arange(10)
    rows = {
        "data": torch.stack([x[y == k][0] for k in classes]),
        "VAE (3)": sample(pretrained("vae"), 10, seeded()),
        "GAN (4)": pretrained("gan").sample(10, seeded()),
        "DDPM (6)": ddpm.sample(pretrained("ddpm"), shape, seeded()),
        "latent (7)": ldm.sample(pretrained("ldm"), pretrained("first_stage"), 10, seeded()),
        "by class (8)": ddpm_classes.sample(pretrained("ddpm_classes"), classes, 1.0, seeded()),
    }
    wall(rows.values(), path, 3.35, list(rows))


if __name__ == "__main__":
    draw(STATIC / "front.png")
    draw_families(STATIC / "families.png")
