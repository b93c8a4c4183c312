"""Make the weights that ship: `python -m dgm.train NAME`. See `--help`, and `dgm.recipes`."""

import argparse
import platform
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn
from tqdm import tqdm

from dgm.data import load
from dgm.recipes import RECIPES, Recipe
from dgm.weights import FOLDER, half, save_weights, size_table

FEW = 2000  # test images, on which a metric can be computed again in a second


def main(argv: Sequence[str] | None = None) -> None:
    """The command line: train one model and write its weights and card, or nothing."""
    options = parser().parse_args(argv)
    started, busy = time.monotonic(), time.process_time()
    recipe = RECIPES[options.name]
    x, y = load(options.data, "train")
    x_test, y_test = load(options.data, "test")
    model, steps = train(recipe, x, y, options.seed, options.steps, options.minutes)
    minutes = (time.monotonic() - started) / 60
    processor_minutes = (time.process_time() - busy) / 60  # on a machine with other work, the less
    model.load_state_dict({k: half(v) for k, v in model.state_dict().items()})  # as it ships
    model.eval()
    card = {
        "name": options.name,
        "about": recipe.about,
        "data": options.data,
        "command": command(options),
        "seed": options.seed,
        "steps": steps,
        "parameters": sum(p.numel() for p in model.parameters()),
        "minutes": round(minutes, 1),
        "processor_minutes": round(processor_minutes, 1),
        "machine": machine(),
        "metrics": rounded(recipe.measure(model, x_test, y_test)),
        f"metrics_first_{FEW}": rounded(recipe.measure(model, x_test[:FEW], y_test[:FEW])),
    }
    path = save_weights(options.name, model, card, options.out)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB after {steps} steps, {minutes:.1f} minutes")
    for key, value in card["metrics"].items():
        print(f"  {key} {value:.4f}")
    print(f"  all weights there: {sum(size_table(options.out).values()) / 1e6:.2f} MB")


def parser() -> argparse.ArgumentParser:
    """The options of the command line."""
    names = "\n".join(f"  {name:15} {r.about} ({r.steps} steps)" for name, r in RECIPES.items())
    made = argparse.ArgumentParser(
        prog="python -m dgm.train",
        description="Train a model of the course, measure it on test data, and write its weights\n"
        "(NAME.safetensors, half precision) and their card (NAME.json).\n"
        "Nothing is written before the end; an interrupted training leaves the old files.",
        epilog=f"names:\n{names}\n\n"
        "example: a trial run that leaves the weights that ship alone\n"
        "  python -m dgm.train vae --steps 200 --out /tmp/weights\n\n"
        "sae explains the classifier that ships: train that one first.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("name", choices=RECIPES, metavar="NAME", help="one of the names below")
    made.add_argument(
        "--data",
        default="fashion_mnist",
        choices=("fashion_mnist", "mnist"),
        help="images of 28 by 28 (default: %(default)s)",
    )
    made.add_argument("--seed", type=int, default=0, help="of all randomness (default: 0)")
    made.add_argument(
        "--out", type=Path, default=FOLDER, help="folder (default: the package's own)"
    )
    made.add_argument("--steps", type=_at_least_1, help="in place of the recipe's number")
    made.add_argument("--minutes", type=float, help="stop after so many minutes at the latest")
    return made


def train(
    recipe: Recipe,
    x: torch.Tensor,
    y: torch.Tensor,
    seed: int = 0,
    steps: int | None = None,
    minutes: float | None = None,
) -> tuple[nn.Module, int]:
    """Build and train a model, with a progress bar; returns it and the number of steps done."""
    torch.manual_seed(seed)  # the first weights
    model: Any = recipe.build()
    total = steps or recipe.steps
    generator = torch.Generator().manual_seed(seed)
    end = time.monotonic() + 60 * minutes if minutes is not None else float("inf")
    done, mean = 0, None
    with tqdm(total=total, unit="step", mininterval=1.0) as bar:
        for loss in recipe.train(model, x, y, total, generator):
            done += 1
            mean = loss if mean is None else 0.98 * mean + 0.02 * loss
            bar.set_postfix(loss=f"{mean:.4g}", refresh=False)
            bar.update()
            if time.monotonic() > end:
                break
    return model, done


def command(options: argparse.Namespace) -> str:
    """The command that trains this again, wherever it writes to."""
    words = ["python -m dgm.train", options.name]
    for option in ("data", "seed", "steps", "minutes"):
        if getattr(options, option) != parser().get_default(option):
            words.append(f"--{option} {getattr(options, option)}")
    return " ".join(words)


def machine() -> str:
    """What the training ran on, in words."""
    threads = torch.get_num_threads()
    return (
        f"{threads} thread{'s' * (threads > 1)} of a CPU ({platform.machine()}), "
        f"torch {torch.__version__.split('+')[0]}"
    )


def rounded(metrics: dict[str, float]) -> dict[str, float]:
    """Metrics to five digits, as a card shows them."""
    return {key: float(f"{value:.5g}") for key, value in metrics.items()}


def _at_least_1(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is below 1")
    return value


if __name__ == "__main__":
    main()
