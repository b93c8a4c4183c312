"""Scenes: an object, in a colour, at a place. What the captions of `dgm.data.captions` say.

Every object misses one colour in training: of the 48 pairs of an object and a colour 8 are held
out, at all places. Each object, each colour and each place is seen often; whether a network has
learnt to put them together, the held-out pairs tell.

A scene is a row of three numbers: indices into OBJECTS, COLOURS and PLACES. Taught in: chapter 08.
"""

import torch

# name: its class in Fashion-MNIST; pullover and shirt are too much like the coat when small
OBJECTS = {
    "t-shirt": 0,
    "trousers": 1,
    "dress": 3,
    "coat": 4,
    "sandal": 5,
    "sneaker": 7,
    "bag": 8,
    "boot": 9,
}
COLOURS = {  # red, green, blue from 0 to 1
    "red": (1.0, 0.15, 0.15),
    "green": (0.15, 0.9, 0.2),
    "blue": (0.25, 0.4, 1.0),
    "yellow": (1.0, 0.9, 0.1),
    "purple": (0.75, 0.2, 1.0),
    "white": (1.0, 1.0, 1.0),
}
PLACES = {  # row and column of the upper left corner of a picture of 14 by 14
    "top left": (1, 1),
    "top right": (1, 13),
    "center": (7, 7),
    "bottom left": (13, 1),
    "bottom right": (13, 13),
}
SIZES = (len(OBJECTS), len(COLOURS), len(PLACES))


def held_out(scenes: torch.Tensor) -> torch.Tensor:
    """Which scenes (n, 3) never occur in training, a boolean (n,) for each: by object and colour.

    Example:
        >>> rows = [scene("t-shirt", "red", "center"), scene("bag", "blue", "center")]
        >>> held_out(torch.stack(rows)).tolist()
        [True, False]
    """
    return (scenes[:, 0] + scenes[:, 1]) % len(COLOURS) == 0


def all_scenes(seen: bool = True) -> torch.Tensor:
    """All scenes of training, (200, 3) int64, or with `seen=False` all held out, (40, 3).

    Example:
        >>> len(all_scenes()), len(all_scenes(seen=False))
        (200, 40)
    """
    scenes = torch.cartesian_prod(*(torch.arange(n) for n in SIZES))
    return scenes[held_out(scenes) != seen]


def draw_scenes(
    n: int, seen: bool = True, generator: torch.Generator | None = None
) -> torch.Tensor:
    """Draw scenes, all of one kind equally often.

    Args:
        n: how many.
        seen: those of training, or else those held out.
        generator: where the randomness comes from; on the CPU.

    Returns:
        (n, 3) int64: object, colour and place.

    Raises:
        ValueError: if `n` is below 1.

    Taught in: chapter 08.

    Example:
        >>> held_out(draw_scenes(3, seen=False)).tolist()
        [True, True, True]
    """
    if n < 1:
        raise ValueError(f"n is {n}, wanted 1 or more")
    scenes = all_scenes(seen)
    return scenes[torch.randint(len(scenes), (n,), generator=generator)]


def scene(object: str, colour: str, place: str) -> torch.Tensor:
    """The scene (3,) of these names.

    Raises:
        ValueError: for a name that is not known, naming those that are.

    Example:
        >>> scene("t-shirt", "green", "center").tolist()
        [0, 1, 2]
    """
    row = []
    for names, name in ((OBJECTS, object), (COLOURS, colour), (PLACES, place)):
        if name not in names:
            raise ValueError(f"{name!r} is not known, wanted one of: {', '.join(names)}")
        row.append(list(names).index(name))
    return torch.tensor(row)


def check_scenes(scenes: torch.Tensor) -> None:
    """Raise ValueError unless all are indices of objects, colours and places.

    Example:
        >>> check_scenes(torch.tensor([[0, 0, 5]]))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ValueError: scenes runs from ... wanted 0 to [7, 5, 4]: object, colour, place
    """
    if (scenes < 0).any() or (scenes >= torch.tensor(SIZES)).any():
        raise ValueError(
            f"scenes runs from {scenes.amin(0).tolist()} to {scenes.amax(0).tolist()}, "
            f"wanted 0 to {[n - 1 for n in SIZES]}: object, colour, place"
        )
