"""Make the weights that ship: `python -m dgm.train NAME`. See `--help`, and `dgm.zoo`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from dgm.data import load
from dgm.zoo.checkpoints import Checkpoint, CheckpointError, remove
from dgm.zoo.distributed import in_any, process_group, rank, world_size
from dgm.zoo.models import MODELS, Recipe, recipe_of
from dgm.zoo.training import machine, rounded, train
from dgm.zoo.weights import FOLDER, half, save_weights, size_table

SHIPS = "fashion_mnist"  # the weights that come with the package are of this data

HELP = """\
Train a model of the course, measure it on test data, and write its weights
(NAME.safetensors, half precision) and their card (NAME.json).

Weights are written at the end. Until then OUT/NAME.checkpoint.pt holds all that the training
needs: after Ctrl-C, a kill or a power cut the same command goes on where the checkpoint is, and
the result is the same, bit for bit, on the same machine."""

EXAMPLES = """
examples:
  a trial run that leaves the weights that ship alone
    python -m dgm.train vae --steps 200 --out /tmp/weights
  a diffusion model of digits, in about a minute
    python -m dgm.train ddpm --data digits
  each line of the training at paper scale, without a GPU: a tiny network
    python -m dgm.train ddpm --data cifar10 --small --steps 10 --out /tmp/weights
  at paper scale, on one GPU or on four (days; both go on after a stop)
    python -m dgm.train ddpm --data cifar10 --out weights --every 600
    torchrun --nproc_per_node=4 -m dgm.train ddpm --data cifar10 --out weights --every 600

sae explains the classifier that ships: train that one first."""


def main(argv: Sequence[str] | None = None) -> None:
    """The command line: train one model and write its weights and card, or go on doing so."""
    made = parser()
    options = made.parse_args(argv)
    try:
        recipe = recipe_of(options.name, options.data, options.small)
        device = device_of(options, recipe)
    except ValueError as error:
        made.error(str(error))
    try:
        run(options, recipe, device)
    except (CheckpointError, FileNotFoundError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt as stop:
        print(f"{str(stop) or 'stopped'}; the same command goes on", file=sys.stderr)
        sys.exit(130)


def run(options: argparse.Namespace, recipe: Recipe, device: str) -> None:
    """Train, measure and write."""
    name = options.name if options.data == SHIPS else f"{options.name}_{options.data}"
    out = options.out or (FOLDER if options.data == SHIPS else Path("weights"))
    place = out / f"{name}.checkpoint.pt"
    x, y = load(options.data, "train")
    x_test, y_test = load(options.data, "test")
    with process_group(device):
        if world_size() > 1 and not recipe.anywhere:
            sys.exit(f"error: {options.name} trains in one process: start it without torchrun")
        if options.fresh and rank() == 0:
            remove(place)
        total = options.steps or recipe.steps
        fixed = {key: getattr(options, key) for key in ("name", "data", "seed", "small")}
        fixed |= {"steps": total, "device": device, "processes": world_size()}
        in_any(False)  # nobody reads before the first process has removed
        checkpoint = Checkpoint(place, fixed)
        model, steps = train(
            recipe, x, y, options.seed, total, options.minutes, checkpoint, device, options.every
        )
        if rank() > 0:
            return
    model.load_state_dict({k: half(v) for k, v in model.state_dict().items()})  # as it ships
    model.eval()
    few = recipe.few
    card = {
        "name": name,
        "about": recipe.about,
        "data": options.data,
        "command": command(options),
        "seed": options.seed,
        "steps": steps,
        "parameters": sum(p.numel() for p in model.parameters()),
        "minutes": round(checkpoint.seconds / 60, 1),
        "processor_minutes": round(checkpoint.processor_seconds / 60, 1),  # without other work's
        "machine": machine(device, fixed["processes"]),
        "metrics": rounded(recipe.measure(model, x_test, y_test)),
        f"metrics_first_{few}": rounded(recipe.measure(model, x_test[:few], y_test[:few])),
    }
    path = save_weights(name, model, card, out)
    remove(place)
    minutes = checkpoint.seconds / 60
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB after {steps} steps, {minutes:.1f} minutes")
    for key, value in card["metrics"].items():
        print(f"  {key} {value:.4f}")
    print(f"  all weights there: {sum(size_table(out).values()) / 1e6:.2f} MB")


def parser() -> argparse.ArgumentParser:
    """The options of the command line."""
    names = "\n".join(f"  {name:15} {r.about} ({r.steps} steps)" for name, r in MODELS.items())
    made = argparse.ArgumentParser(
        prog="python -m dgm.train",
        description=HELP,
        epilog=f"names:\n{names}\n{EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("name", choices=MODELS, metavar="NAME", help="one of the names below")
    made.add_argument(
        "--data",
        default=SHIPS,
        choices=("fashion_mnist", "mnist", "digits", "cifar10"),
        help="images; mnist not for ddpm, the last two for it alone (default: %(default)s)",
    )
    made.add_argument("--seed", type=int, default=0, help="of all randomness (default: 0)")
    made.add_argument(
        "--out",
        type=Path,
        help="folder (default: the package's own; for other data than fashion_mnist ./weights, "
        "and NAME_DATA for NAME)",
    )
    made.add_argument("--steps", type=_at_least_1, help="in place of the recipe's number")
    made.add_argument(
        "--minutes",
        type=float,
        help="stop training after so many minutes at the latest, all runs counted together",
    )
    made.add_argument(
        "--every",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="write a checkpoint so often (default: 60)",
    )
    made.add_argument("--fresh", action="store_true", help="begin again: drop the checkpoint")
    made.add_argument("--small", action="store_true", help="ddpm: a tiny network, to try it out")
    made.add_argument("--device", help="ddpm: cpu or cuda (default: cuda, where there is one)")
    return made


def device_of(options: argparse.Namespace, recipe: Recipe) -> str:
    """Where to train."""
    if not recipe.anywhere and options.device not in (None, "cpu"):
        raise ValueError(f"{options.name} trains on the CPU, in minutes: --device cpu")
    if options.device == "cuda" and not torch.cuda.is_available():
        raise ValueError("device is cuda, and torch finds none: --device cpu")
    if options.device not in (None, "cpu", "cuda"):
        raise ValueError(f"device is {options.device!r}, wanted cpu or cuda")
    cuda = recipe.anywhere and torch.cuda.is_available()
    return options.device or ("cuda" if cuda else "cpu")


def command(options: argparse.Namespace) -> str:
    """The command that trains this again, wherever it writes to."""
    words = ["python -m dgm.train", options.name]
    for option in ("data", "seed", "steps", "minutes"):
        if getattr(options, option) != parser().get_default(option):
            words.append(f"--{option} {getattr(options, option)}")
    return " ".join(words + ["--small"] * options.small)


def _at_least_1(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is below 1")
    return value


if __name__ == "__main__":
    main()
