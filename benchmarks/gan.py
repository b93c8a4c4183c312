"""Time a step of our GAN training beside a loop in plain PyTorch, in one run, at equal weights.

    python benchmarks/gan.py --threads 1

The reference is Algorithm 1 as a tutorial writes it: labels, `BCEWithLogitsLoss`, `detach`, and a
backward pass through both networks in the generator's step. Both sides begin at the same weights
and get the same data and codes; after the run the largest difference of a weight is printed.
The steps alternate, so that what else the machine does touches both; medians are printed, and the
median of the pairs' ratios: below 1, ours is faster. On one thread, processor time counts.
"""

import argparse
import copy
from collections.abc import Callable

import torch
from pairs import Pairs, take_turns
from torch import nn

from dgm.gan import discriminator_step, generator_step
from dgm.nn.networks import conv_gan, mlp

WARM = 5  # the first steps, which do not count
Nets = tuple[nn.Module, nn.Module, torch.optim.Optimizer, torch.optim.Optimizer]
Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def build(name: str) -> tuple[nn.Module, nn.Module]:
    torch.manual_seed(0)
    if name == "images":
        return conv_gan(32)
    return mlp([2, 128, 128, 2]), nn.Sequential(mlp([2, 128, 128, 1]), nn.Flatten(0))


def with_optimizers(net_g: nn.Module, net_d: nn.Module) -> Nets:
    opt_g, opt_d = (torch.optim.SGD(net.parameters(), 1e-3) for net in (net_g, net_d))
    return net_g, net_d, opt_g, opt_d


def ours(nets: Nets, batch: Batch) -> None:
    net_g, net_d, opt_g, opt_d = nets
    x, z, z_next = batch
    discriminator_step(net_g, net_d, x, z, opt_d)
    generator_step(net_g, net_d, z_next, opt_g)


def plain(nets: Nets, batch: Batch) -> None:
    net_g, net_d, opt_g, opt_d = nets
    x, z, z_next = batch
    bce, real, fake = nn.BCEWithLogitsLoss(), torch.ones(len(x)), torch.zeros(len(x))
    opt_d.zero_grad()
    loss = bce(net_d(x), real) + bce(net_d(net_g(z).detach()), fake)
    loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    bce(net_d(net_g(z_next)), real).backward()
    opt_g.step()


def race(name: str, size: int, steps: int) -> tuple[Pairs, float]:
    """A step of each in turn; then how far the weights are apart."""
    first = build(name)
    nets = [with_optimizers(*copy.deepcopy(first)) for _ in range(2)]
    shape, latent_dim = ((1, 28, 28), 32) if name == "images" else ((2,), 2)
    codes = torch.randn(steps + WARM, 2, size, latent_dim)
    data = torch.randn(steps + WARM, size, *shape).clamp(-1, 1)

    def side(step: Callable[[Nets, Batch], None], nets: Nets) -> Callable[[], None]:
        batches = zip(data, codes[:, 0], codes[:, 1], strict=True)
        return lambda: step(nets, next(batches))

    pairs = take_turns(side(ours, nets[0]), side(plain, nets[1]), steps, WARM)
    weights = ([*net_g.parameters(), *net_d.parameters()] for net_g, net_d, *_ in nets)
    return pairs, max((a - b).abs().max().item() for a, b in zip(*weights, strict=True))


def compare(name: str, size: int, steps: int) -> str:
    pairs, gap = race(name, size, steps)
    return (
        f"{name:7} a step: {pairs.text('plain PyTorch')}\n"
        f"        weights after {steps + WARM} steps: they differ by {gap:.1e}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"batch {options.batch}, {options.threads} thread(s), median of {options.steps}")
    for name in ("toy", "images"):
        print(compare(name, options.batch, options.steps), flush=True)


if __name__ == "__main__":
    main()
