"""A small language of pictures: an object, in a colour, at a place, and the words for it.

The objects are clothes of Fashion-MNIST, half as high and wide, coloured, on a dark canvas of
28 by 28. What is to be seen is a scene, of `dgm.data.scenes`; some are held out of training.

Taught in: chapter 08.
"""

from collections.abc import Sequence

import torch
from torch.nn.functional import avg_pool2d

from dgm.data.scenes import (
    COLOURS,
    OBJECTS,
    PLACES,
    all_scenes,
    check_scenes,
    draw_scenes,
    held_out,
    scene,
)
from dgm.nn.text import Tokenizer
from dgm.validate import shapes

__all__ = [
    "COLOURS",
    "JITTER",
    "LENGTH",
    "OBJECTS",
    "PHRASES",
    "PLACES",
    "all_scenes",
    "captioned_images",
    "captions",
    "cut_out",
    "draw_scenes",
    "held_out",
    "looks_like",
    "render",
    "scene",
    "tokenizer",
]

JITTER = 1  # pixels, up or down and left or right
PHRASES = (
    "{object} in {colour} at the {place}",
    "at the {place} {object} in {colour}",
    "{article} {colour} {object} at the {place}",
    "at the {place} {article} {colour} {object}",
)
LENGTH = 10  # of the longest caption, with its start and one to spare


def tokenizer() -> Tokenizer:
    """The tokenizer of all captions: every word that occurs in them, in alphabetical order.

    Example:
        >>> tokenizer().decode(tokenizer().encode(["A red bag, at the center"]))
        ['a red bag at the center']
    """
    phrases = " ".join(PHRASES).replace("{", " ").replace("}", " ").split()
    words = {*phrases, "a"} - {"object", "colour", "place", "article"}
    for names in (OBJECTS, COLOURS, PLACES):
        words |= {word for name in names for word in name.split()}
    return Tokenizer(sorted(words), LENGTH)


@shapes(scenes="n 3: int")
def captions(scenes: torch.Tensor, generator: torch.Generator | None = None) -> list[str]:
    """Say what is in each scene, in one of several ways.

    Args:
        scenes: (n, 3) object, colour and place.
        generator: where the way comes from; on the CPU.

    Returns:
        n texts, as "a red bag at the top left" or "at the center trousers in blue".

    Raises:
        ValueError: if `scenes` is no such tensor.

    Taught in: chapter 08.

    Example:
        >>> from dgm.data.scenes import scene
        >>> (text,) = captions(scene("bag", "red", "center")[None])
        >>> "red" in text and "bag" in text
        True
    """
    check_scenes(scenes)
    ways = torch.randint(len(PHRASES), (len(scenes),), generator=generator)
    texts = []
    for (o, c, p), way in zip(scenes.tolist(), ways.tolist(), strict=True):
        name = list(OBJECTS)[o]
        words = {"object": name, "colour": list(COLOURS)[c], "place": list(PLACES)[p]}
        article = "" if name == "trousers" else "a"
        texts.append(" ".join(PHRASES[way].format(article=article, **words).split()))
    return texts


@shapes(items="n 1 28 28: float", scenes="n 3: int")
def render(
    items: torch.Tensor, scenes: torch.Tensor, generator: torch.Generator | None = None
) -> torch.Tensor:
    """Paint each item at half its size, in the colour and at the place of its scene.

    Args:
        items: (n, 1, 28, 28) pictures in [-1, 1], of the scenes' objects.
        scenes: (n, 3); the first column is not looked at.
        generator: where the jitter comes from: so far may an item be off its place, JITTER
            pixels along each axis; on the CPU.

    Returns:
        (n, 3, 28, 28) in [-1, 1], -1 where there is nothing.

    Raises:
        ValueError: if shapes do not agree, or for numbers that are no scenes.

    Taught in: chapter 08.

    Example:
        >>> from dgm.data.scenes import scene
        >>> white = scene("bag", "white", "center")[None]
        >>> render(torch.ones(1, 1, 28, 28), white)[0, :, 0, 0].tolist()  # the canvas, in a corner
        [-1.0, -1.0, -1.0]
    """
    check_scenes(scenes)
    small = (avg_pool2d(items, 2) + 1) / 2  # (n, 1, 14, 14), 0 to 1
    colour = torch.tensor(list(COLOURS.values()), dtype=items.dtype)[scenes[:, 1]]
    painted = small * colour[:, :, None, None]  # (n, 3, 14, 14)
    off = torch.randint(-JITTER, JITTER + 1, (len(items), 2), generator=generator)
    corners = torch.tensor(list(PLACES.values()))[scenes[:, 2]] + off
    canvas = items.new_zeros(len(items), 3, 28, 28)
    for picture, thing, (row, column) in zip(canvas, painted, corners.tolist(), strict=True):
        picture[:, row : row + 14, column : column + 14] = thing
    return canvas * 2 - 1


@shapes(x="B 1 28 28: float", y="B: int")
def captioned_images(
    x: torch.Tensor,
    y: torch.Tensor,
    n: int,
    seen: bool = True,
    generator: torch.Generator | None = None,
) -> tuple[torch.Tensor, torch.Tensor, list[str]]:
    """Draw scenes, an item for each, and a caption.

    Args:
        x, y: (B, 1, 28, 28) images of Fashion-MNIST in [-1, 1], and their classes (B,).
        n: how many.
        seen: scenes of training, or else those held out.
        generator: where the randomness comes from; on the CPU.

    Returns:
        Images (n, 3, 28, 28) in [-1, 1], their scenes (n, 3) and n captions.

    Raises:
        ValueError: if `x` and `y` are no such tensors, `n` is below 1, or the class of an object
            that is drawn is not in `y`.

    Taught in: chapter 08.

    Example:
        >>> from dgm.data.scenes import OBJECTS
        >>> x, y = torch.zeros(8, 1, 28, 28), torch.tensor(list(OBJECTS.values()))
        >>> images, scenes, texts = captioned_images(x, y, n=3)
        >>> images.shape, scenes.shape, len(texts)
        (torch.Size([3, 3, 28, 28]), torch.Size([3, 3]), 3)
    """
    scenes = draw_scenes(n, seen, generator)
    chance = torch.rand(n, generator=generator)
    chosen = torch.empty(n, dtype=torch.int64)
    for i, (name, label) in enumerate(OBJECTS.items()):
        rows = scenes[:, 0] == i
        those = (y == label).nonzero()[:, 0]
        if not len(those) and rows.any():
            raise ValueError(f"y has no item of class {label}, {name}, wanted some of each object")
        chosen[rows] = those[(chance[rows] * len(those)).long()]
    return render(x[chosen], scenes, generator), scenes, captions(scenes, generator)


@shapes(images="n 3 28 28: number")
def looks_like(images: torch.Tensor) -> torch.Tensor:
    """The colour and the place of what is in each picture, by measuring: no network is asked.

    The place is the nearest to the middle of all light. The colour is the one whose direction,
    in the space of red, green and blue, is nearest to that of all light together.

    Args:
        images: (n, 3, 28, 28) in [-1, 1]; what is beyond is brought there.

    Returns:
        (n, 2) int64: indices into COLOURS and PLACES.

    Raises:
        ValueError: if `images` is no such tensor.

    Taught in: chapter 08.

    Example:
        >>> from dgm.data.scenes import scene
        >>> scenes = scene("bag", "red", "center")[None]
        >>> looks_like(render(torch.ones(1, 1, 28, 28), scenes)).tolist(), scenes.tolist()
        ([[0, 2]], [[6, 0, 2]])
    """
    light = (images.clamp(-1, 1) + 1) / 2
    light = light * (light.amax(1, keepdim=True) > 0.15)  # what is almost dark is canvas
    total = light.sum((2, 3))  # (n, 3)
    known = torch.tensor(list(COLOURS.values()), dtype=images.dtype, device=images.device)
    unit = torch.nn.functional.normalize
    colour = (unit(total, dim=1) @ unit(known, dim=1).T).argmax(1)
    grey = light.sum(1)
    steps = torch.arange(28, dtype=images.dtype, device=images.device)
    mass = grey.sum((1, 2)).clamp(min=1e-9)
    middle = torch.stack([(grey.sum(2) * steps).sum(1), (grey.sum(1) * steps).sum(1)], 1)
    corners = torch.tensor(list(PLACES.values()), dtype=images.dtype, device=images.device)
    place = torch.cdist(middle / mass[:, None], corners + 6.5).argmin(1)
    return torch.stack([colour, place], 1)


@shapes(images="n 3 28 28: float", places="n: int")
def cut_out(images: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """What stands at these places, grey and at full size: for a classifier of Fashion-MNIST.

    Args:
        images: (n, 3, 28, 28) in [-1, 1].
        places: (n,) indices into PLACES.

    Returns:
        (n, 1, 28, 28) in [-1, 1]: the brightest channel, so that no colour makes it darker than
        it was.

    Raises:
        ValueError: if shapes do not agree, or for a place that is none.

    Taught in: chapter 08.

    Example:
        >>> cut_out(torch.zeros(2, 3, 28, 28), torch.tensor([0, 4])).shape
        torch.Size([2, 1, 28, 28])
    """
    if places.min() < 0 or places.max() >= len(PLACES):
        raise ValueError(
            f"places run from {places.min()} to {places.max()}, wanted 0 to {len(PLACES) - 1}"
        )
    corners: Sequence[tuple[int, int]] = list(PLACES.values())
    parts = []
    for picture, place in zip(images.amax(1, keepdim=True), places.tolist(), strict=True):
        row, column = corners[place]
        parts.append(picture[:, row : row + 14, column : column + 14])
    return torch.nn.functional.interpolate(torch.stack(parts), size=28, mode="bilinear")
