"""The same diffusion on pixels and on latents: what a step, a sample, and the memory cost.

    python benchmarks/latent.py               # speed, and what is stored, as a table
    python benchmarks/latent.py --minutes 5   # and the quality after so many minutes a row

The rows, with nearly the same number of parameters, all trained and sampled by our code with one
set of settings:

    pixels           a U-Net that begins with 28 x 28 pixels
    squares          the one that ships: squares of 2 x 2 pixels are its channels
    latents          the one that ships, on codes of 4 x 7 x 7

Quality: the Frechet distance of samples to the test images, by the features of the classifier that
ships; once after equal processor time, in which the rate falls to 0, and once after as many steps
as the slowest row made in that time. The first stage was trained before: its time is in the table.
Times are processor time, on one thread. The ceiling of the latents is what the first stage makes of real images.
"""

import argparse
import json
import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from diffusion import Side, bounds, distance, of_settings, speed, train
from torch import Tensor, nn

from course.paths import write_whole
from dgm.data import load
from dgm.latent import encode_latents
from dgm.zoo import ddpm
from dgm.zoo.first_stage import reconstructions
from dgm.zoo.ldm import SETTINGS as LATENT
from dgm.zoo.ldm import sample as sample_latent_images
from dgm.zoo.models import pretrained
from dgm.zoo.training import machine
from dgm.zoo.weights import read_card

FIGURES = Path(__file__).resolve().parent.parent / "book" / "data" / "latent.json"
SQUARES = ddpm.SETTINGS
PIXELS = replace(SQUARES, unet=SQUARES.unet | {"patch": 1})
STEPS = 25  # of DDIM


def sides() -> list[Side]:
    """The three rows."""
    first_stage, ldm = pretrained("first_stage"), pretrained("ldm")
    scale = ldm.scale.item()

    def sample(model: nn.Module, n: int) -> Tensor:
        return sample_latent_images(model, first_stage, n, scale=scale, steps=STEPS)

    torch.manual_seed(0)
    latents = of_settings("latents", LATENT, ddpm.build(LATENT))
    latents.sample = sample
    latents.encode = lambda x: encode_latents(first_stage, x, scale)
    return [
        of_settings("pixels", PIXELS, steps=STEPS),
        of_settings("squares", SQUARES, steps=STEPS),
        latents,
    ]


def memory(side: Side, batch: int = 64) -> float:
    """Megabytes that a training step keeps for its way back."""
    kept: dict[int, int] = {}

    def pack(a: Tensor) -> Tensor:
        kept[a.untyped_storage().data_ptr()] = a.untyped_storage().nbytes()
        return a

    x = side.encode(load("fashion_mnist")[0][:batch])
    net = side.fresh()
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda a: a):
        loss = side.loss(net, x)
    weights = {p.untyped_storage().data_ptr() for p in net.parameters()}
    del loss
    return sum(size for where, size in kept.items() if where not in weights) / 1e6


def quality(side: Side, minutes: float, samples: int, folder: Path, steps: int | None) -> Any:
    """The distance of samples to the test images, after so many minutes or steps."""
    model, made = train(side, minutes, folder, steps)
    torch.manual_seed(1)
    x = torch.cat([side.sample(model, min(100, samples)) for _ in range(math.ceil(samples / 100))])
    return {"steps": made, "frechet_distance": distance(x)}


def ceiling(samples: int) -> dict[str, float]:
    """What the first stage makes of so many real images, and how long it was trained."""
    x_hat = reconstructions(pretrained("first_stage"), load("fashion_mnist")[0][:samples])
    minutes = read_card("first_stage")["processor_minutes"]
    return {"frechet_distance": distance(x_hat), "samples": samples, "minutes": minutes}


def table(rows: list[dict[str, Any]]) -> str:
    """What is stored, in lines."""
    columns = list(rows[0])
    lines = [columns, *([f"{row.get(c, '-')}" for c in columns] for row in rows)]
    wide = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    return "\n".join(
        "  ".join(cell.rjust(w) for cell, w in zip(line, wide, strict=True)) for line in lines
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="of the comparison of speed")
    parser.add_argument("--minutes", type=float, help="of training a row, on each thread")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--folder", type=Path, default=Path("_build") / "latent")
    parser.add_argument("--write", action="store_true", help=f"put the figures into {FIGURES.name}")
    options = parser.parse_args()
    torch.set_num_threads(1)  # so that processor time is a clock
    start, found = time.monotonic(), sides()
    rows = [
        {
            "name": side.name,
            "parameters": side.parameters(),
            "step_ms": round(64_000 / row["train_images_per_second"], 1),
            "training_mb": round(memory(side), 1),
            "sample_ms": row["sample_ms"],
        }
        for side, row in zip(found, speed(found, options.rounds, time.process_time), strict=True)
    ]
    print(table(rows), flush=True)
    if options.minutes:
        for side, row in zip(found, rows, strict=True):
            row["minutes"] = options.minutes
            row |= quality(side, options.minutes, options.samples, options.folder, None)
            print(row, flush=True)
        fewest = min(row["steps"] for row in rows)
        for side, row in zip(found, rows, strict=True):
            same = row if row["steps"] == fewest else quality(
                side, options.minutes, options.samples, options.folder, fewest
            )  # fmt: skip
            row["at_steps"] = fewest
            row["frechet_distance_at_these_steps"] = same["frechet_distance"]
    print(table(rows))
    figures = {
        "rows": rows,
        "ceiling": ceiling(options.samples),
        "bounds": bounds(options.samples),
        "sample_steps": STEPS,
        "command": f"python benchmarks/latent.py --minutes {options.minutes or 0:g} --write",
        "minutes_in_all": round((time.monotonic() - start) / 60, 1),
        "machine": machine(),
    }
    print(figures["ceiling"], figures["bounds"])
    if options.write:
        write_whole(FIGURES, json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
