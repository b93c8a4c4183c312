"""What conditions are worth: a class with guidance, captions never seen, edges that steer.

    python benchmarks/conditioning.py guidance    # class accuracy, precision and recall against w
    python benchmarks/conditioning.py captions    # attributes right, of pairs seen and never seen
    python benchmarks/conditioning.py control     # agreement with the edges, with and without

Some minutes each, on one thread. All samples are of the weights that ship, by DDIM, and all rows
of a table begin with the same noise. With --write the table goes into book/data/conditioning.json.

guidance    classes as often as in the test images; the classifier that ships tells the class, and
            its features give the Frechet distance to all test images, precision and recall
captions    scenes as in training, and scenes whose pair of object and colour training never showed;
            `object_classifier` tells the object, colour and place are measured
control     the edges are those of test images, the classes theirs; agreement is the F1 of edge
            pixels, exactly in place and up to a pixel off; as a floor for it, other test images of
            the same class
"""

import argparse
import json
import math
import time
from pathlib import Path
from typing import Any

import torch

from course.paths import write_whole
from dgm.controlnet import edge_agreement, edges
from dgm.data import load
from dgm.data.captions import captioned_images
from dgm.evaluate import frechet_distance, precision_recall
from dgm.zoo.controlnet import sample as sample_controlled
from dgm.zoo.ddpm_captions import sample as sample_captions
from dgm.zoo.ddpm_classes import NO_CLASS
from dgm.zoo.ddpm_classes import sample as sample_classes
from dgm.zoo.judges import clothes_judge
from dgm.zoo.models import pretrained
from dgm.zoo.object_classifier import attributes_right
from dgm.zoo.training import machine

FIGURES = Path(__file__).resolve().parent.parent / "book" / "data" / "conditioning.json"
WEIGHTS = (-1.0, 0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
ATTRIBUTES = ("object", "colour", "place")

Row = dict[str, Any]


def seeded() -> torch.Generator:
    """The same noise for every row."""
    return torch.Generator().manual_seed(0)


def guidance(samples: int, steps: int) -> list[Row]:
    """Rows by w, and one of as many images of the training set: what is to be had."""
    model, judge = pretrained("ddpm_classes"), clothes_judge(pretrained("classifier"))
    x, y = load("fashion_mnist", "test")
    asked = y[:samples]
    real, _ = judge(x)
    train_x, train_y = (part[:samples] for part in load("fashion_mnist"))
    rows = []
    for w in (None, *WEIGHTS):
        start = time.process_time()
        if w is None:
            images, wanted = train_x, train_y
        else:
            images, wanted = sample_classes(model, asked, w, seeded(), steps=steps), asked
        features, p = judge(images)
        precision, recall = precision_recall(real[: len(asked)], features)
        row = {
            "w": "training images" if w is None else w,
            "class_accuracy": share(p.argmax(1) == wanted),
            "precision": round(precision, 3),
            "recall": round(recall, 3),
            "frechet_distance": round(frechet_distance(real, features), 1),
            "seconds": round(time.process_time() - start, 1),
        }
        show(row)
        rows.append(row)
    return rows


def captions(samples: int, steps: int) -> list[Row]:
    """Rows by w and whether pairs were seen, and what the judges make of real scenes."""
    model, judge = pretrained("ddpm_captions"), pretrained("object_classifier")
    x, y = load("fashion_mnist", "test")
    rows = []
    for w in (None, 0.0, 1.0, 3.0):
        for seen in (True, False):
            start, g = time.process_time(), seeded()
            images, scenes, texts = captioned_images(x, y, samples, seen, g)
            if w is not None:
                images = sample_captions(model, texts, w, seeded(), steps=steps)
            right = attributes_right(images, scenes, judge)
            row: Row = {"w": "real scenes" if w is None else w, "seen": seen, "samples": samples}
            for name, hits in zip((*ATTRIBUTES, "all"), (*right.T, right.all(1)), strict=True):
                row[name] = share(hits)
                row[f"{name}_error"] = standard_error(hits)
            row["seconds"] = round(time.process_time() - start, 1)
            show(row)
            rows.append(row)
    return rows


def control(samples: int, steps: int) -> list[Row]:
    """Rows with the control and without, told the class and not; and of other real images."""
    model, judge = pretrained("controlnet"), clothes_judge(pretrained("classifier"))
    x, y = (part[:samples] for part in load("fashion_mnist", "test"))
    map_of_x, none = edges(x), torch.full_like(y, NO_CLASS)
    rows = []
    for told, steered in ((True, True), (True, False), (False, True), (False, False), (True, None)):
        start, classes = time.process_time(), y if told else none
        if steered is None:
            images = others(x, y)
        elif steered:
            images = sample_controlled(model, classes, map_of_x, 0.0, seeded(), steps=steps)
        else:
            images = sample_classes(model.unet, classes, 0.0, seeded(), steps=steps)
        exact, near = (edge_agreement(images, map_of_x, tolerance=k) for k in (0, 1))
        _, p = judge(images)
        row = {
            "images": "other test images" if steered is None else "samples",
            "class": told,
            "control": bool(steered),
            "edge_agreement": round(exact.mean().item(), 3),
            "edge_agreement_error": round(exact.std().item() / math.sqrt(samples), 4),
            "within_a_pixel": round(near.mean().item(), 3),
            "class_accuracy": share(p.argmax(1) == y),
            "seconds": round(time.process_time() - start, 1),
        }
        show(row)
        rows.append(row)
    return rows


def others(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """For each image the next one of its class."""
    next_one = torch.empty(len(x), dtype=torch.int64)
    for k in y.unique():
        rows = (y == k).nonzero()[:, 0]
        next_one[rows] = rows.roll(-1)
    return x[next_one]


def share(hits: torch.Tensor) -> float:
    """The share of True."""
    return round(hits.float().mean().item(), 3)


def standard_error(hits: torch.Tensor) -> float:
    """Of that share."""
    p = hits.double().mean().item()
    return round(math.sqrt(p * (1 - p) / len(hits)), 4)


def show(row: Row) -> None:
    """A line of the table, as soon as it is there."""
    print("  ".join(f"{key} {value}" for key, value in row.items()), flush=True)


TABLES = {"guidance": guidance, "captions": captions, "control": control}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", choices=TABLES)
    parser.add_argument("--samples", type=int, default=1000, help="a row (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=25, help="of DDIM (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"put it into {FIGURES.name}")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    start, words = time.process_time(), [f"python benchmarks/conditioning.py {options.table}"]
    for option in ("samples", "steps"):
        if getattr(options, option) != parser.get_default(option):
            words.append(f"--{option} {getattr(options, option)}")
    found = {
        "rows": TABLES[options.table](options.samples, options.steps),
        "samples": options.samples,
        "sample_steps": options.steps,
        "command": " ".join(words),
        "processor_seconds": round(time.process_time() - start),
        "machine": machine(),
    }
    print(f"{found['processor_seconds']} seconds, {found['machine']}")
    if options.write:
        figures = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
        write_whole(FIGURES, json.dumps(figures | {options.table: found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
