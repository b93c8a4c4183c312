"""Four families at equal training time: `python -m dgm.zoo.compare`. See `--help`.

VAE, GAN, DDPM and latent diffusion learn the same images for the same processor time, each as its
chapter found best, from several seeds, and are measured by the same judges. Taught in: chapter 09.
"""

import argparse
import base64
import fcntl
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import nn

from dgm.data import load
from dgm.evaluate import classes_covered, precision_recall
from dgm.vae import sample
from dgm.zoo import ddpm, ldm, vae
from dgm.zoo.checkpoints import Checkpoint, CheckpointError
from dgm.zoo.judges import as_judged, clothes_judge
from dgm.zoo.models import MODELS, Recipe, pretrained
from dgm.zoo.settings import bound_in_bits
from dgm.zoo.training import machine, rounded, train

DDPM = ddpm.SETTINGS  # tries all steps in the bound: a tenth is off by several bits
BOUNDED = 100  # the first test images, for the bounds
FIRST = 3  # losses that are noted
PLANNED = 10**6  # steps of a training of which only the first are timed
Numbers = dict[str, Any]
Draw = Callable[[dict[str, Any], int, torch.Generator], torch.Tensor]

HELP = """\
Train VAE, GAN, DDPM and latent diffusion on Fashion-MNIST for the same time, from several seeds,
and measure all of them alike. With the defaults two hours of one core.

How many steps fit into the time is measured first and written to FOLDER/plan.json. Each run
leaves FOLDER/FAMILY-SEED.json. After Ctrl-C or a kill the same command goes on where it was.
Started twice, it shares the runs out. --write collects what is there."""


@dataclass(frozen=True)
class Family:
    """One of those compared.

    Attributes:
        parts: names of `MODELS` and the share of the time that each of them gets, in order.
        draw: from the trained parts by name, n and a generator to images (n, 1, 28, 28).
        calls: how often a network is asked for a sample.
        bits: from the trained parts and test images to the bound in bits per dimension.
        bound: what that bound is.
    """

    parts: dict[str, float]
    draw: Draw
    calls: int
    bits: Callable[[dict[str, Any], torch.Tensor], float] | None = None
    bound: str | None = None


def _vae_bits(models: dict[str, Any], x: torch.Tensor) -> float:
    few = x[:BOUNDED]
    return vae.measure(models["vae"], few, few)["iwae32_bits_per_dim_of_the_first_500"]


def _ddpm_bits(models: dict[str, Any], x: torch.Tensor) -> float:
    return bound_in_bits(DDPM, models["ddpm"], x[:BOUNDED], torch.Generator().manual_seed(0))


FAMILIES = {
    "vae": Family(
        {"vae": 1.0},
        lambda models, n, g: sample(models["vae"], n, g),
        calls=1,
        bits=_vae_bits,
        bound=f"importance-weighted, 32 draws, {BOUNDED} images",
    ),
    "gan": Family({"gan": 1.0}, lambda models, n, g: models["gan"].sample(n, g), calls=1),
    "ddpm": Family(
        {"ddpm": 1.0},
        lambda models, n, g: ddpm.sample(models["ddpm"], (n, 1, 28, 28), g, DDPM),
        calls=DDPM.sample_steps,
        bits=_ddpm_bits,
        bound=f"ELBO, all steps, {BOUNDED} images",
    ),
    "ldm": Family(
        {"first_stage": 0.3, "ldm": 0.7},
        lambda models, n, g: ldm.sample(models["ldm"], models["first_stage"], n, g),
        calls=ldm.SETTINGS.sample_steps + 1,
    ),
}


def recipe_for(part: str, models: dict[str, Any]) -> Recipe:
    """The recipe of a part; a latent diffusion is built on the first stage in `models`."""
    if part != "ldm":
        return MODELS[part]
    return replace(MODELS[part], train=partial(ldm.train, stage=models["first_stage"]))


def plan(minutes: float, rounds: int = 5, seconds: float = 3.0) -> dict[str, int]:
    """How many steps of each part fit into its share of so many processor minutes.

    The parts take turns, each for some processor seconds; the median of its rounds counts.
    """
    x, y = (part[:2000] for part in load("fashion_mnist"))
    shares = {name: share for f in FAMILIES.values() for name, share in f.parts.items()}
    models = {"first_stage": MODELS["first_stage"].build()}
    runs: dict[str, Iterator[float]] = {}
    rates: dict[str, list[float]] = {name: [] for name in shares}
    for name in shares:
        recipe, g = recipe_for(name, models), torch.Generator().manual_seed(0)
        runs[name] = recipe.train(recipe.build(), x, y, PLANNED, g, Checkpoint())
        list(islice(runs[name], 3))  # warm
    for _ in range(rounds):
        for name, losses in runs.items():
            start, steps = time.process_time(), 0
            while (spent := time.process_time() - start) < seconds:
                next(losses)
                steps += 1
            rates[name].append(steps / spent)
    return {
        name: max(1, round(60 * minutes * share * statistics.median(rates[name])))
        for name, share in shares.items()
    }


def first_losses(family: str, seed: int, steps: dict[str, int]) -> list[float]:
    """The first losses of a family's first part, trained again for them alone."""
    part = next(iter(FAMILIES[family].parts))
    torch.manual_seed(seed)
    recipe, g = MODELS[part], torch.Generator().manual_seed(seed)
    x, y = load("fashion_mnist")
    return list(islice(recipe.train(recipe.build(), x, y, steps[part], g, Checkpoint()), FIRST))


def measures(images: torch.Tensor) -> Numbers:
    """What is asked of n images alike, wherever they come from; real ones are the test set's."""
    x, _ = load("fashion_mnist", "test")
    judge = cache(clothes_judge(pretrained("classifier")))  # `as_judged` asks for the same two
    features, p = judge(images)
    precision, recall = precision_recall(judge(x)[0][: len(images)], features)
    judged = {k: v for k, v in as_judged(judge, images, x).items() if not k.endswith("_of_data")}
    found = rounded(judged | {"precision": precision, "recall": recall})
    return found | {"classes_covered": classes_covered(p)[0]}


def run(family: str, seed: int, steps: dict[str, int], samples: int, folder: Path) -> Numbers:
    """Train and measure one family from one seed, or go on with it."""
    x, y = load("fashion_mnist")
    x_test, _ = load("fashion_mnist", "test")
    models: dict[str, Any] = {}
    spent, kind = 0.0, FAMILIES[family]
    own = {part: steps[part] for part in kind.parts}
    for part in own:
        checkpoint = Checkpoint(
            folder / f"{family}-{seed}-{part}.checkpoint.pt", {"seed": seed} | own
        )
        model, _ = train(recipe_for(part, models), x, y, seed, steps[part], None, checkpoint)
        models[part] = model.eval()
        spent += checkpoint.processor_seconds
    start = time.process_time()
    images = kind.draw(models, samples, torch.Generator().manual_seed(seed))
    drawing = time.process_time() - start
    found = {
        "family": family,
        "seed": seed,
        "steps": own,
        "parameters": sum(_used(model) for model in models.values()),
        "processor_minutes": round(spent / 60, 2),
        "first_losses": first_losses(family, seed, steps),
        **measures(images),
        "bits_per_dim": round(kind.bits(models, x_test), 4) if kind.bits else None,
        "bound": kind.bound,
        "ms_a_sample": float(f"{1000 * drawing / samples:.3g}"),
        "network_calls": kind.calls,
        "pictures": packed(images[:10]),
    }
    write_json(folder / f"{family}-{seed}.json", found)
    return found


def packed(images: torch.Tensor) -> str:
    """The grey levels 0 to 255 of images, cut to [-1, 1], a byte each, in base 64."""
    levels = ((images.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return base64.b64encode(levels.numpy().tobytes()).decode()


def _used(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def collect(folder: Path, options: argparse.Namespace) -> Numbers:
    """All that the folder holds, with what real images and noise would get, as it is stored."""
    runs = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*-*.json"))
    ]
    train_x, _ = load("fashion_mnist")
    noise = torch.rand(options.samples, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    return {
        "minutes": options.minutes,
        "samples": options.samples,
        "command": f"python -m dgm.zoo.compare --minutes {options.minutes:g}",
        "machine": machine(),
        "plan": json.loads((folder / "plan.json").read_text(encoding="utf-8")),
        "floor": measures(train_x[: options.samples]),
        "noise": measures(2 * noise - 1),
        "runs": sorted(runs, key=lambda r: (list(FAMILIES).index(r["family"]), r["seed"])),
    }


def write_json(path: Path, what: Any) -> None:
    """Write it whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_text(json.dumps(what, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)


@contextmanager
def mine(path: Path, wait: bool = False) -> Iterator[bool]:
    """Whether no other process is at work on that file; while inside, none will be."""
    with path.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


def parser() -> argparse.ArgumentParser:
    """The options of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m dgm.zoo.compare",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--minutes", type=float, default=10.0, help="a run (default: 10)")
    made.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="(default: 0 1 2)")
    made.add_argument("--families", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    made.add_argument("--samples", type=int, default=2000, help="a run (default: 2000)")
    made.add_argument("--folder", type=Path, default=Path("weights/compare"))
    made.add_argument("--write", type=Path, metavar="FILE", help="collect all runs in this file")
    return made


def main(argv: Sequence[str] | None = None) -> None:
    """The command line."""
    options = parser().parse_args(argv)
    torch.set_num_threads(1)
    folder = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    try:
        place = folder / "plan.json"
        with mine(place, wait=True):
            if not place.exists():
                write_json(place, {"minutes": options.minutes, "steps": plan(options.minutes)})
        planned = json.loads(place.read_text(encoding="utf-8"))
        if planned["minutes"] != options.minutes:
            sys.exit(
                f"error: {place} is for --minutes {planned['minutes']:g}, not {options.minutes:g}: "
                "give another --folder"
            )
        for seed in options.seeds:
            for family in options.families:
                place = folder / f"{family}-{seed}.json"
                with mine(place) as free:
                    if not free or place.exists():
                        continue
                    print(f"{family}, seed {seed}", file=sys.stderr)
                    found = run(family, seed, planned["steps"], options.samples, folder)
                    print({k: v for k, v in found.items() if k != "pictures"}, flush=True)
        if options.write:
            write_json(options.write, collect(folder, options))
            print(options.write)
    except (CheckpointError, FileNotFoundError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt as stop:
        print(f"{str(stop) or 'stopped'}; the same command goes on", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
