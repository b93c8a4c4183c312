"""Makes _static/front.png, the picture of the README and of the book's first page."""

from pathlib import Path

import matplotlib.pyplot as plt
import torch

from dgm.data import load
from dgm.naive_bayes import GaussianNB


def draw(path: Path) -> None:
    """Draw ten digits of the data above ten that naive Bayes drew, and save them at `path`."""
    x, y = load("digits")
    model = GaussianNB().fit(x.flatten(1), y)
    drawn, classes = model.sample(500, generator=torch.Generator().manual_seed(0))
    figure, axes = plt.subplots(2, 10, figsize=(7, 1.45), dpi=200)
    for k in range(10):
        for axis, image in (
            (axes[0, k], x[y == k][0, 0].numpy()),
            (axes[1, k], drawn[classes == k][0]),
        ):
            axis.imshow(image.reshape(8, 8), cmap="gray_r", vmin=-1, vmax=1)
            axis.axis("off")
    figure.subplots_adjust(0, 0, 1, 1, 0.08, 0.08)
    figure.savefig(path, metadata={"Software": None})
    plt.close(figure)


if __name__ == "__main__":
    draw(Path(__file__).parent / "_static" / "front.png")
