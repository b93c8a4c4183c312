"""Train our VAE beside pythae's, in one run, and bound both test sets by one and the same code.

    pip install pythae    # optional; without it, our half runs
    python benchmarks/vae.py --threads 1

The data are made binary (a pixel is 1 if above the middle of the range), so that the bound is one on
the probability of the data. Each is trained as its users train it: ours by `vae_train`, pythae's by
its own trainer. Below 0, the difference says that ours is better; within two standard errors of 0, it
says that none was seen.

Equal, for each seed: the networks (ours, in pythae's wrappers) and their first weights, the data, the
batch size, the epochs, Adam and its rate, and the objective: at the same weights and noise the two
losses agree, which is printed. No model is chosen on the way: the last weights count. The evaluator
is ours, `elbo`, with the same noise for both.
Not equal: the order of the batches and the noise in training, drawn by each for itself; and pythae
takes the sigmoid in the decoder and the logarithm in the loss, where ours takes log-odds.
The time of a step is given twice: of the whole training divided by its steps, in which pythae's
trainer also keeps the best model, draws a progress bar and saves; and of both in one plain loop. On
one thread, processor time counts.
"""

import argparse
import copy
import io
import logging
import math
import statistics
import tempfile
import warnings
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import torch
from pairs import Pairs, seconds
from torch import nn

from dgm.data import load
from dgm.data.batches import minibatches
from dgm.nn.networks import mlp_encoder_decoder
from dgm.vae import VAE, elbo, vae_loss, vae_train

DRAWS = 50  # of noise for each test image


def missing() -> str:
    """Why pythae cannot be had here; nothing if it can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pythae.models
            import pythae.trainers  # noqa: F401
    except ImportError as error:
        return str(error)
    return ""


def binary(name: str, split: str) -> torch.Tensor:
    return (load(name, split)[0] > 0).float()


def training_rows(options: argparse.Namespace) -> torch.Tensor:
    x = binary(options.data, "train")[: options.rows]
    x = x[: len(x) // options.batch * options.batch]  # whole batches: nobody meets a smaller one
    if len(x) == 0:
        raise SystemExit(f"fewer than {options.batch} rows: less than one batch")
    return x


def build(shape: torch.Size, options: argparse.Namespace, seed: int) -> VAE:
    torch.manual_seed(seed)
    nets = mlp_encoder_decoder(shape, options.latent, (options.hidden,))
    return VAE(*nets, options.latent)


def wrap(model: VAE, shape: torch.Size) -> nn.Module:
    """pythae's VAE round the very networks of `model`."""
    from pythae.models import VAE as Peer
    from pythae.models import VAEConfig
    from pythae.models.base.base_utils import ModelOutput
    from pythae.models.nn import BaseDecoder, BaseEncoder

    class Encoder(BaseEncoder):
        def __init__(self, net: nn.Module) -> None:
            super().__init__()
            self.net = net

        def forward(self, x: torch.Tensor) -> Any:
            mu, logvar = self.net(x)
            return ModelOutput(embedding=mu, log_covariance=logvar)

    class Decoder(BaseDecoder):
        def __init__(self, net: nn.Module) -> None:
            super().__init__()
            self.net = net

        def forward(self, z: torch.Tensor) -> Any:
            return ModelOutput(reconstruction=torch.sigmoid(self.net(z)))

    config = VAEConfig(tuple(shape), model.latent_dim, reconstruction_loss="bce")
    return Peer(config, Encoder(model.encoder), Decoder(model.decoder))


def train_ours(model: VAE, x: torch.Tensor, options: argparse.Namespace, seed: int) -> float:
    """Seconds per step."""
    steps = options.epochs * (len(x) // options.batch)
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=options.lr)
    start = seconds()
    batches = minibatches(x, options.batch, steps, generator)
    done = len(list(vae_train(model, batches, optimizer, generator=generator)))
    return (seconds() - start) / done


def train_theirs(peer: nn.Module, x: torch.Tensor, options: argparse.Namespace, seed: int) -> float:
    """Seconds per step, by pythae's own trainer."""
    from pythae.data.datasets import BaseDataset
    from pythae.trainers import BaseTrainer, BaseTrainerConfig

    logging.disable(logging.WARNING)
    quiet = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, redirect_stderr(quiet), redirect_stdout(quiet):
        config = BaseTrainerConfig(
            output_dir=folder, num_epochs=options.epochs, learning_rate=options.lr,
            per_device_train_batch_size=options.batch, optimizer_cls="Adam", seed=seed, no_cuda=True,
        )  # fmt: skip
        start = seconds()
        BaseTrainer(peer, BaseDataset(x, torch.zeros(len(x))), training_config=config).train()
        spent = seconds() - start
    return spent / (options.epochs * (len(x) // options.batch))


@torch.no_grad()
def bound(model: VAE, x: torch.Tensor) -> float:
    """The mean of minus the ELBO over the images and the draws of noise, in nats."""
    model.eval()
    generator = torch.Generator().manual_seed(0)  # the same noise for every model
    total = 0.0
    for _ in range(DRAWS):
        eps = torch.randn(len(x), model.latent_dim, generator=generator)
        total -= elbo(model, x, eps).mean().item()
    return total / DRAWS


def loop(x: torch.Tensor, options: argparse.Namespace) -> tuple[Pairs, float]:
    """Both losses at the same weights and noise, and a step of both in one plain loop."""
    ours = build(x.shape[1:], options, 0)
    peer = wrap(copy.deepcopy(ours), x.shape[1:]).train()
    sides = (
        (lambda batch: vae_loss(ours, batch), torch.optim.Adam(ours.parameters(), lr=options.lr)),
        (lambda batch: peer({"data": batch}).loss, torch.optim.Adam(peer.parameters(), options.lr)),
    )
    pairs, gap = Pairs(), 0.0
    times = pairs.ours, pairs.theirs
    generator = torch.Generator().manual_seed(0)
    for step, batch in enumerate(minibatches(x, options.batch, options.steps + 10, generator)):
        losses = [0.0, 0.0]
        for k in (0, 1) if step % 2 else (1, 0):
            objective, optimizer = sides[k]
            torch.manual_seed(step)  # the same noise for both
            start = seconds()
            loss = objective(batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses[k] = loss.item()
            if step >= 10:  # the first steps warm up
                times[k].append(seconds() - start)
        if step == 0:  # later, rounding has parted the weights
            gap = abs(losses[0] - losses[1])
    return pairs, gap


def speed(name: str, pairs: Pairs) -> str:
    head = f"ms per step, {name}: "
    if not pairs.theirs:
        return f"{head}ours {1e3 * statistics.median(pairs.ours):.2f}"
    return head + pairs.text("pythae")


def summary(values: list[float]) -> str:
    """The mean and its standard error."""
    error = statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else math.nan
    return f"{statistics.fmean(values):8.4f} +- {error:.4f}"


def compare(options: argparse.Namespace, peer_too: bool) -> None:
    x, test = training_rows(options), binary(options.data, "test")
    shape = x.shape[1:]
    bits = 1 / (shape.numel() * math.log(2))  # per dimension, of a nat per image
    print(
        f"{options.data}, binary: {len(x)} to train, {len(test)} to test, {shape.numel()} dimensions\n"
        f"hidden {options.hidden}, latent {options.latent}; {options.epochs} epochs of "
        f"{len(x) // options.batch} batches of {options.batch}; Adam, {options.lr:g}; "
        f"{torch.get_num_threads()} thread(s)\n"
        "test bound, nats (bits per dimension)"
    )
    nats: tuple[list[float], list[float]] = ([], [])
    times = Pairs()
    for seed in range(options.seeds):
        ours = build(shape, options, seed)
        theirs = copy.deepcopy(ours)
        times.ours.append(train_ours(ours, x, options, seed))
        nats[0].append(bound(ours, test))
        line = f"  seed {seed}: ours {nats[0][-1]:.3f} ({bits * nats[0][-1]:.4f})"
        if peer_too:
            times.theirs.append(train_theirs(wrap(theirs, shape), x, options, seed))
            nats[1].append(bound(theirs, test))
            line += f"   pythae {nats[1][-1]:.3f} ({bits * nats[1][-1]:.4f})"
        print(line, flush=True)
    print("bits per dimension, mean and standard error:")
    print(f"  ours        {summary([bits * a for a in nats[0]])}")
    if peer_too:
        print(f"  pythae      {summary([bits * b for b in nats[1]])}")
        gaps = [bits * (a - b) for a, b in zip(*nats, strict=True)]
        print(f"  difference  {summary(gaps)}")
    print(speed("training as a whole", times))
    if peer_too:
        pairs, gap = loop(x, options)
        print(speed("one plain loop", pairs))
        print(f"loss at the same weights and noise: they differ by {gap:.1e} nats")


def options_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default="digits", choices=("digits", "fashion_mnist", "mnist"))
    parser.add_argument("--rows", type=int, help="training images at most; by default, all")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--latent", type=int, default=8)
    parser.add_argument("--steps", type=int, default=300, help="of the plain loop")
    parser.add_argument("--threads", type=int, default=1)
    return parser


def main() -> None:
    options = options_parser().parse_args()
    torch.set_num_threads(options.threads)
    reason = missing()
    if reason:
        print(f"without pythae ({reason}): our half alone; to install it: pip install pythae")
    compare(options, peer_too=not reason)


if __name__ == "__main__":
    main()
