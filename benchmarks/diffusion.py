"""Our diffusion model of images of clothes beside those of two libraries, in one run.

    pip install diffusers denoising-diffusion-pytorch    # optional; a missing one is named
    python benchmarks/diffusion.py                       # speed: some minutes
    python benchmarks/diffusion.py --minutes 25          # quality too: so many minutes a row
    python benchmarks/diffusion.py --ablation 5          # what helped: so many minutes a row

The rows:

    dgm               our U-Net, trained and sampled by our code with our settings
    dgm, their U-Net  diffusers' network in our code with our settings: the same architecture as
                      the next row, so that what differs is the code and the objective
    diffusers         UNet2DModel with DDPMScheduler and DDIMScheduler, as its tutorial trains
    lucidrains        Unet and GaussianDiffusion of denoising-diffusion-pytorch

Equal for all: images, batch, AdamW, its rate (which falls to 0 along a cosine over the time), the
moving average, the cosine noise schedule of 1000 steps, 50 steps of DDIM, and nearly the number of
parameters, which is printed. The libraries predict noise, as they do unless told otherwise.
Speed: the sides take turns, and medians are compared, so that what else the machine does touches
all. Quality: the Frechet distance of samples to the test images, by the features of the classifier
that ships, after equal *processor* time (so many minutes on each thread), which a busy machine
lengthens for nobody. A training goes on where it was stopped.
"""

import argparse
import copy
import importlib.metadata
import io
import json
import math
import statistics
import time
from collections.abc import Callable
from contextlib import redirect_stderr
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss
from torch.utils.flop_counter import FlopCounterMode
from tqdm import tqdm

from course.paths import write_whole
from dgm.data import load
from dgm.data.batches import minibatches
from dgm.data.images import _torchvision_datasets
from dgm.ddpm import ddpm_loss
from dgm.evaluate import frechet_distance
from dgm.nn.ema import EMA
from dgm.nn.learning_rate import cosine, warm_up
from dgm.zoo import ddpm
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.judges import clothes_judge
from dgm.zoo.models import pretrained
from dgm.zoo.settings import Settings, ddim_images
from dgm.zoo.training import machine

FIGURES = Path(__file__).resolve().parent.parent / "book" / "data" / "ddpm.json"
OURS = ddpm.SETTINGS
SHAPE = (1, 28, 28)
LOW = replace(OURS, unet=OURS.unet | {"width": 48, "multipliers": (1, 2)})
STEPS = 50  # of DDIM
SMALL = dict(  # diffusers' network at our number of parameters
    sample_size=28,
    in_channels=1,
    out_channels=1,
    block_out_channels=(32, 48, 64),
    layers_per_block=1,
    down_block_types=("DownBlock2D", "DownBlock2D", "AttnDownBlock2D"),
    up_block_types=("AttnUpBlock2D", "UpBlock2D", "UpBlock2D"),
    norm_num_groups=8,
    attention_head_dim=8,
)


@dataclass
class Side:
    """A row of the table.

    Attributes:
        name: what it is called.
        net: what is trained.
        loss: of a network like `net` on a batch of images.
        sample: so many images from a network like `net`.
        batch: images a step.
        ours: whether our code trains it.
        encode: from images to what it learns and samples.
    """

    name: str
    net: nn.Module
    loss: Callable[[nn.Module, Tensor], Tensor]
    sample: Callable[[nn.Module, int], Tensor]
    batch: int = OURS.batch
    ours: bool = False
    encode: Callable[[Tensor], Tensor] = torch.clone

    def fresh(self) -> nn.Module:
        """The network, untrained; laid out as our training does it, if it is our training."""
        net = copy.deepcopy(self.net).train()
        return net.to(memory_format=torch.channels_last) if self.ours else net

    def parameters(self) -> int:
        return sum(p.numel() for p in self.net.parameters())


class Plain(nn.Module):
    """diffusers' network as ours is called: a tensor comes back."""

    def __init__(self) -> None:
        super().__init__()
        from diffusers import UNet2DModel

        self.net = UNet2DModel(**SMALL)

    def forward(self, xt: Tensor, t: Tensor) -> Tensor:
        return self.net(xt, t).sample


def of_settings(
    name: str, settings: Settings, net: nn.Module | None = None, steps: int = STEPS
) -> Side:
    """Our code with these settings."""
    schedule = settings.schedule()

    def loss(model: nn.Module, x: Tensor) -> Tensor:
        return ddpm_loss(
            model, x, schedule, predicts=settings.predicts, weight=settings.weight(schedule)
        )

    def sample(model: nn.Module, n: int) -> Tensor:
        return ddim_images(settings, model, (n, *SHAPE), steps=steps)

    return Side(name, net or ddpm.build(settings), loss, sample, settings.batch, ours=True)


def of_diffusers() -> Side:
    """As in diffusers' tutorial on training."""
    from diffusers import DDIMScheduler, DDPMScheduler

    noise = DDPMScheduler(1000, beta_schedule="squaredcos_cap_v2")
    back = DDIMScheduler(1000, beta_schedule="squaredcos_cap_v2", timestep_spacing="trailing")

    def loss(model: nn.Module, x: Tensor) -> Tensor:
        t, eps = torch.randint(0, 1000, (len(x),)), torch.randn_like(x)
        return mse_loss(model(noise.add_noise(x, eps, t), t), eps)

    @torch.no_grad()
    def sample(model: nn.Module, n: int) -> Tensor:
        back.set_timesteps(STEPS)
        x = torch.randn(n, *SHAPE)
        for t in back.timesteps:
            x = back.step(model(x, t), t, x).prev_sample
        return x

    return Side("diffusers", Plain(), loss, sample)


def of_lucidrains() -> Side:
    """As in the README of denoising-diffusion-pytorch."""
    from denoising_diffusion_pytorch import GaussianDiffusion, Unet

    net = GaussianDiffusion(
        Unet(dim=18, channels=1, dim_mults=(1, 2, 4)),
        image_size=28,
        timesteps=1000,
        sampling_timesteps=STEPS,
        objective="pred_noise",
        beta_schedule="cosine",
    )

    def sample(model: nn.Module, n: int) -> Tensor:
        with redirect_stderr(io.StringIO()):  # its own progress bar
            return model.sample(batch_size=n) * 2 - 1

    return Side("lucidrains", net, lambda model, x: model((x + 1) / 2), sample)


def sides() -> list[Side]:
    """Those that can be had here; the others are named."""
    torch.manual_seed(0)
    makers: dict[str, Callable[[], Side]] = {
        "dgm": lambda: of_settings("dgm", OURS),
        "dgm, their U-Net": lambda: of_settings("dgm, their U-Net", OURS, Plain()),
        "diffusers": of_diffusers,
        "lucidrains": of_lucidrains,
    }
    found = []
    for name, make in makers.items():
        try:
            found.append(make())
        except ImportError as error:
            print(f"without the row {name!r}: {error}")
    return found


# Speed


def matmul_rate() -> float:
    """Operations a second of a large matrix product: what the cores can do."""
    a, times = torch.randn(1024, 1024), []
    for _ in range(15):
        start = time.perf_counter()
        a @ a
        times.append(time.perf_counter() - start)
    return 2 * 1024**3 / statistics.median(times)


def operations(side: Side) -> float:
    """Of a training step, an image."""
    net = copy.deepcopy(side.net)
    with FlopCounterMode(display=False) as counter:
        side.loss(net, side.encode(torch.zeros(4, *SHAPE))).backward()
    return counter.get_total_flops() / 4


@dataclass
class Times:
    """Of one side, by rounds: seconds of training an image, and of a sample."""

    steps: list[float] = field(default_factory=list)
    draws: list[float] = field(default_factory=list)


def take_rounds(
    found: list[Side],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
    images: int = 128,
    samples: int = 50,
    sampled: int | None = None,
    before: Callable[[], None] = lambda: None,
) -> list[Times]:
    """Training and sampling, the sides taking turns; samples in the first `sampled` rounds."""
    nets = [side.fresh() for side in found]
    optimizers = [torch.optim.AdamW(net.parameters(), 1e-4, fused=True) for net in nets]
    times = [Times() for _ in found]
    sampled = max(1, rounds // 3) if sampled is None else sampled
    xs = [side.encode(load("fashion_mnist")[0][:images]) for side in found]
    for turn in tqdm(range(rounds + 1), desc="speed"):
        before()
        for k, side in enumerate(found):
            start = clock()
            for _ in range(3):
                loss = side.loss(nets[k], xs[k])
                optimizers[k].zero_grad()
                loss.backward()
                optimizers[k].step()
            if turn:  # the first round warms up
                times[k].steps.append((clock() - start) / 3 / len(xs[k]))
        for k, side in enumerate(found if 1 <= turn <= sampled else []):
            net = nets[k].eval()
            start = clock()
            side.sample(net, samples)
            times[k].draws.append((clock() - start) / samples)
            net.train()
    return times


def speed(
    found: list[Side], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> list[dict[str, Any]]:
    """A row a side: what a step and a sample take, and what share of the cores' rate that is."""
    rates: list[float] = []
    times = take_rounds(found, rounds, clock, before=lambda: rates.append(matmul_rate()))
    rate = statistics.median(rates)
    rows = []
    for k, side in enumerate(found):
        second = statistics.median(times[k].steps)
        rows.append(
            {
                "name": side.name,
                "parameters": side.parameters(),
                "train_images_per_second": round(1 / second, 1),
                "sample_ms": round(1000 * statistics.median(times[k].draws), 2),
                "threads": torch.get_num_threads(),
                "mflop_per_training_image": round(operations(side) / 1e6, 1),
                "share_of_matmul_rate": round(operations(side) / second / rate, 2),
            }
        )
    for row in rows:
        for peer in rows[1:]:
            ratio = row["train_images_per_second"] / peer["train_images_per_second"]
            row[f"training over {peer['name']}"] = round(ratio, 2)
            row[f"sampling over {peer['name']}"] = round(peer["sample_ms"] / row["sample_ms"], 2)
    return rows


# Quality


def features(x: Tensor) -> Tensor:
    """The activations of the classifier that ships."""
    return clothes_judge(pretrained("classifier"))(x)[0]


@cache
def real() -> Tensor:
    """The features of the test images."""
    return features(load("fashion_mnist", "test")[0])


def distance(x: Tensor) -> float:
    """The Frechet distance of images to the test images."""
    return round(frechet_distance(real(), features(x)), 2)


def train(
    side: Side, minutes: float, folder: Path, steps: int | None = None
) -> tuple[nn.Module, int]:
    """Train for so many minutes on each thread, or steps; the moving average, and the steps."""
    torch.manual_seed(0)
    net = side.fresh()
    ema = EMA(net, OURS.decay)
    optimizer = torch.optim.AdamW(net.parameters(), OURS.lr, weight_decay=0.01, fused=True)
    x = side.encode(load("fashion_mnist")[0])
    data = minibatches(x, side.batch, 10**9, torch.Generator().manual_seed(0))
    budget = 60 * minutes * torch.get_num_threads()
    name = side.name.replace(", ", "_").replace(" ", "_")
    file = folder / f"{name}_{steps or f'{minutes:g}'}_0.checkpoint.pt"
    checkpoint = Checkpoint(
        file, {"name": side.name, "minutes": minutes, "parameters": side.parameters()}
    )
    checkpoint.resume(data, net=net, ema=ema, optimizer=optimizer)
    written = time.monotonic()

    def done() -> float:
        return checkpoint.step / steps if steps else checkpoint.processor_seconds / budget

    with tqdm(total=100, desc=side.name, unit="%", mininterval=5) as bar:
        while done() < 1:
            lower = cosine(done(), 1)
            optimizer.param_groups[0]["lr"] = (
                OURS.lr * warm_up(checkpoint.step, OURS.warmup) * lower
            )
            loss = side.loss(net, next(data))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            ema.update(net)
            checkpoint.count()
            bar.update(min(round(100 * done()), 100) - bar.n)
            if time.monotonic() > written + 60:
                checkpoint.write()
                written = time.monotonic()
    checkpoint.write()
    return ema.model, checkpoint.step


def quality(side: Side, minutes: float, samples: int, folder: Path) -> dict[str, Any]:
    """The distance of samples to the test images after so many minutes."""
    model, steps = train(side, minutes, folder)
    torch.manual_seed(1)
    x = torch.cat([side.sample(model, min(100, samples)) for _ in range(math.ceil(samples / 100))])
    row = {
        "name": side.name,
        "parameters": side.parameters(),
        "minutes": minutes,
        "threads": torch.get_num_threads(),
        "images_seen": steps * side.batch,
        "samples": len(x),
        "frechet_distance": distance(x),
    }
    print(row, flush=True)
    return row


def bounds(samples: int) -> dict[str, float]:
    """Where the distance begins and ends: training images, and noise."""
    train_images = load("fashion_mnist")[0]
    noise = torch.randn(samples, *SHAPE, generator=torch.Generator().manual_seed(0))
    return {
        "all training images": distance(train_images),
        f"{samples} training images": distance(train_images[:samples]),
        "noise": distance(noise),
    }


def ablation() -> list[Side]:
    """Our settings, and the same with one thing put back."""
    torch.manual_seed(0)
    plain = replace(OURS, predicts="eps", gamma=None, batch=128)
    return [
        of_settings("noise, all steps alike, batch 128", plain),
        of_settings("velocity", replace(plain, predicts="v")),
        of_settings("velocity, min-SNR weights", replace(plain, predicts="v", gamma=OURS.gamma)),
        of_settings("velocity, min-SNR weights, our batch", OURS),
        of_settings("the same, width at the lower resolution", LOW),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9, help="of the comparison of speed; 0: none")
    parser.add_argument("--minutes", type=float, help="of training a row, on each thread")
    parser.add_argument("--ablation", type=float, metavar="MINUTES", help="what helped")
    parser.add_argument("--rows", help="some of the rows of quality, by name, with semicolons")
    parser.add_argument("--samples", type=int, default=5000)
    parser.add_argument("--folder", type=Path, default=Path("_build") / "diffusion")
    parser.add_argument("--write", action="store_true", help=f"put the figures into {FIGURES.name}")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    _torchvision_datasets()  # diffusers imports torchvision
    figures: dict[str, Any] = {}
    if options.write and FIGURES.exists():
        figures = json.loads(FIGURES.read_text(encoding="utf-8"))

    def keep(**new: Any) -> None:
        figures.update(new, machine=machine(), versions=versions())
        if options.write:
            write_whole(FIGURES, json.dumps(figures, indent=1) + "\n")

    found = sides()
    keep(bounds=bounds(options.samples))
    print(figures["bounds"])
    if options.rounds:
        narrow = of_settings("dgm, width at the lower resolution", LOW)
        keep(speed=speed([*found, narrow], options.rounds))
        for row in figures["speed"]:
            print(row)
    for key, rows, minutes in (
        ("quality", found, options.minutes),
        ("ablation", ablation(), options.ablation),
    ):
        chosen = options.rows.split(";") if options.rows else [side.name for side in rows]
        for side in rows if minutes else []:
            if side.name in chosen:
                row = quality(side, minutes, options.samples, options.folder)
                others = [r for r in figures.get(key, []) if r["name"] != row["name"]]
                keep(**{key: [*others, row]})


def versions() -> dict[str, str]:
    """Of the peers."""
    found = {}
    for name in ("diffusers", "denoising-diffusion-pytorch"):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not there"
    return found


if __name__ == "__main__":
    main()
