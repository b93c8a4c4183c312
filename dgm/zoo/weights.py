"""Weights that ship with the course, each with a card that says what they are.

`dgm/zoo/weights/NAME.safetensors` holds the numbers in half precision. `NAME.json`, its card, holds
the data, the command that made them, the seed, the time it took on what machine, the metrics,
and the SHA-256 of the file, which is checked on loading. `dgm.zoo` has what makes them again.
"""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors.torch import load, save
from torch import nn

Model = TypeVar("Model", bound=nn.Module)

FOLDER = Path(__file__).parent / "weights"


def load_weights(name: str, model: Model, folder: Path | None = None) -> Model:
    """Fill a model with weights that ship, and put it into evaluation mode.

    Args:
        name: of the weights, as "vae"; `dgm.zoo.models.MODELS[name].build()` makes such a model.
        model: of the same architecture; keeps its own dtype and device.
        folder: where the file and its card are; by default the package's own.

    Returns:
        The model.

    Raises:
        FileNotFoundError: if there are no such weights; says which there are.
        ValueError: if the file is not the one of its card, or does not fit the model.
    """
    card = read_card(name, folder)
    path = (folder or FOLDER) / f"{name}.safetensors"
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != card["sha256"]:
        raise ValueError(
            f"{path} is damaged or was replaced: its SHA-256 is {found[:12]}..., and its card "
            f"says {card['sha256'][:12]}...; {_again(name)}"
        )
    tensors = load(data)
    wanted = {key: value.shape for key, value in model.state_dict().items()}
    given = {key: value.shape for key, value in tensors.items()}
    if wanted != given:
        odd = sorted(k for k in wanted.keys() | given.keys() if wanted.get(k) != given.get(k))
        raise ValueError(
            f"weights {name!r} do not fit this {type(model).__name__}: they differ in "
            f"{', '.join(odd[:4])}; build the model as dgm.zoo.models does"
        )
    model.load_state_dict(tensors)  # copies into the model's own dtype and device
    return model.eval()


def read_card(name: str, folder: Path | None = None) -> dict[str, Any]:
    """The card of weights as a dict: data, command, seed, minutes, machine, metrics, sha256.

    Raises:
        FileNotFoundError: if there are no such weights, or one of the two files is missing.
        ValueError: if the card is damaged.
    """
    place = folder or FOLDER
    pair = [place / f"{name}.json", place / f"{name}.safetensors"]
    if not all(path.is_file() for path in pair):
        there = sorted(path.stem for path in place.glob("*.safetensors"))
        raise FileNotFoundError(
            f"no weights {name!r} in {place}, where there are: {', '.join(there) or 'none'}; "
            f"{_again(name)}"
        )
    try:
        return json.loads(pair[0].read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{pair[0]} is damaged ({error}); {_again(name)}") from None


def save_weights(name: str, model: nn.Module, card: dict[str, Any], folder: Path) -> Path:
    """Write a model's weights in half precision, and their card with the hash: both, or neither.

    Returns:
        The path of the weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = save({key: half(value) for key, value in model.state_dict().items()})
    card = card | {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    text = json.dumps(card, indent=2, allow_nan=False) + "\n"
    path = folder / f"{name}.safetensors"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as part:
        for end, content in ((path, data), (path.with_suffix(".json"), text.encode())):
            (Path(part) / end.name).write_bytes(content)
        for end in (path, path.with_suffix(".json")):  # nothing is left that can take time
            os.replace(Path(part) / end.name, end)
    return path


def half(value: torch.Tensor) -> torch.Tensor:
    """A contiguous tensor on the CPU: float16, where it is floating-point."""
    small = value.detach().cpu()
    return (small.to(torch.float16) if small.is_floating_point() else small).contiguous()


def size_table(folder: Path | None = None) -> dict[str, int]:
    """The size in bytes of all weights that ship, by name; 24 MB in all at most."""
    paths = sorted((folder or FOLDER).glob("*.safetensors"))
    return {path.stem: path.stat().st_size for path in paths}


def _again(name: str) -> str:
    return f"to make them: python -m dgm.train {name}"
