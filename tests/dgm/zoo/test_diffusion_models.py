"""Diffusion models of images: every line of the training at paper scale, at a small size."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.testing import assert_close

from dgm import train
from dgm.data import load
from dgm.ddpm import ddpm_loss
from dgm.nn.ema import ema_update
from dgm.zoo import ddpm, ddpm_cifar10, ddpm_digits
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.ddpm_cifar10 import Bfloat16, mirrored
from dgm.zoo.judges import as_judged, digits_judge
from dgm.zoo.models import DDPMS, recipe_of
from dgm.zoo.weights import load_weights, read_card

ROOT = Path(__file__).parents[3]
PAPER = ddpm_cifar10.SETTINGS


@pytest.fixture
def cifar(tmp_path, monkeypatch):
    """CIFAR-10 of noise: 61 images to train on, 12 to test on."""
    monkeypatch.setenv("DGM_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    for split, n in (("train", 61), ("test", 12)):
        x = np.random.default_rng(n).integers(0, 256, (n, 3, 32, 32), dtype=np.uint8)
        np.savez(tmp_path / "cache" / f"cifar10-{split}.npz", x=x, y=np.arange(n) % 10)


# The settings of the paper


def test_the_network_of_cifar10_has_the_size_of_the_papers():
    with torch.device("meta"):
        net = ddpm.build(PAPER)
    assert 33e6 < sum(p.numel() for p in net.parameters()) < 37e6


@pytest.mark.parametrize("data", sorted(DDPMS))
def test_nothing_of_the_network_or_the_loss_needs_a_cpu(data):
    shape = {"digits": (1, 8, 8), "fashion_mnist": (1, 28, 28), "cifar10": (3, 32, 32)}[data]
    settings = DDPMS[data].SETTINGS
    with torch.device("meta"):
        net, x = ddpm.build(settings), torch.empty(4, *shape)
    schedule = settings.schedule().to("meta")
    loss = ddpm_loss(net, x, schedule, predicts=settings.predicts, weight=settings.weight(schedule))
    loss.backward()
    assert loss.device.type == "meta"
    assert all(p.grad.shape == p.shape for p in net.parameters())
    assert next(mirrored(iter([x]))).shape == x.shape


def test_rates_warm_up_and_then_stay_or_fall():
    assert PAPER.rate(0, 800_000) == pytest.approx(2e-4 / 5000)
    assert PAPER.rate(2499, 800_000) == pytest.approx(1e-4)
    assert PAPER.rate(5000, 800_000) == PAPER.rate(799_999, 800_000) == 2e-4
    clothes = ddpm.SETTINGS
    half = clothes.rate(clothes.steps // 2, clothes.steps)
    assert half == pytest.approx(clothes.lr / 2)
    assert clothes.rate(clothes.steps, clothes.steps) == pytest.approx(0)


# One training


def steps_of(settings, steps, x):
    torch.manual_seed(0)
    model = ddpm.build(settings)
    g = torch.Generator().manual_seed(0)
    before = [p.clone() for p in model.parameters()]
    kept = {}

    class Noting(Checkpoint):
        def resume(self, data, **things):
            kept.update(things)
            super().resume(data, **things)

    losses = ddpm_cifar10.train(model, x, torch.zeros(len(x)), steps, g, Noting(), settings)
    return model, before, kept, losses


def test_what_ships_is_the_moving_average():
    x = torch.rand(16, 3, 32, 32) * 2 - 1
    model, before, kept, losses = steps_of(PAPER.small(), 3, x)
    wanted = ddpm.build(PAPER.small())
    wanted.load_state_dict(model.state_dict())
    for n, _ in enumerate(losses):
        ema_update(wanted, kept["net"], min(0.9999, (1 + n) / (10 + n)))
    pairs = list(zip(model.parameters(), wanted.parameters(), strict=True))
    assert all(torch.equal(a, b) for a, b in pairs)
    nets = zip(kept["net"].parameters(), before, strict=True)
    assert sum(not torch.equal(a, b) for a, b in nets) > len(before) / 2


def test_the_rate_of_each_step_is_that_of_the_settings():
    x, settings = torch.rand(16, 3, 32, 32) * 2 - 1, PAPER.small()
    _, _, kept, losses = steps_of(settings, 4, x)
    rates = [kept["optimizer"].param_groups[0]["lr"]]
    for _ in losses:
        rates.append(kept["optimizer"].param_groups[0]["lr"])
    assert rates == [settings.rate(step, 4) for step in range(5)]


def test_gradients_longer_than_1_are_shortened():
    x = torch.rand(16, 3, 32, 32) * 2 - 1
    _, _, kept, losses = steps_of(PAPER.small(), 1, x)

    def lengthen(p):
        p.grad.mul_(1e3)

    for p in kept["net"].parameters():
        p.register_post_accumulate_grad_hook(lengthen)
    next(losses)
    length = torch.stack([p.grad.norm() for p in kept["net"].parameters()]).norm()
    assert_close(length, torch.tensor(1.0), rtol=1e-3, atol=1e-3)


def test_bfloat16_is_in_the_products_alone():
    net = nn.Sequential(nn.Linear(8, 8))
    seen = []
    net[0].register_forward_hook(lambda module, args, out: seen.append(out.dtype))

    class Reads(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = net

        def forward(self, xt, t):
            return self.net(xt)

    x, t = torch.randn(5, 8), torch.ones(5, dtype=torch.int64)
    out = Bfloat16(Reads())(x, t)
    assert seen == [torch.bfloat16]
    assert out.dtype == torch.float32
    out.sum().backward()
    assert net[0].weight.grad.dtype == torch.float32
    assert_close(out, net(x), rtol=0.05, atol=0.05)
    assert not torch.equal(out, net(x))


def test_half_of_the_images_are_mirrored_and_each_by_itself():
    x = torch.arange(4.0).repeat(1000, 1, 2, 1)
    (out,) = mirrored(iter([x]), torch.Generator().manual_seed(0))
    turned = (out == x.flip(3)).flatten(1).all(1)
    assert ((out == x).flatten(1).all(1) ^ turned).all()
    assert abs(turned.float().mean() - 0.5) < 6 * 0.5 / math.sqrt(1000)


def test_samples_come_in_parts_but_as_many_as_asked(monkeypatch):
    monkeypatch.setattr("dgm.zoo.settings.AT_ONCE", 3)
    small = ddpm_digits.SETTINGS.small()
    x = ddpm.sample(ddpm.build(small), (7, 1, 8, 8), torch.Generator(), small)
    assert x.shape == (7, 1, 8, 8)
    assert -1.001 <= x.min() < x.max() <= 1.001


# The judge


def test_the_judge_knows_digits_and_noise():
    x, y = load("digits", "test")
    judge = digits_judge()
    _, p = judge(x)
    assert (p.argmax(1) == y).float().mean() > 0.95
    good = as_judged(judge, load("digits")[0][: len(x)], x)
    noise = as_judged(judge, torch.rand(x.shape) * 2 - 1, x)
    assert good["frechet_distance"] < 0.2 * noise["frechet_distance"]
    assert good["confident_share"] > 0.9 > noise["confident_share"]
    ones = as_judged(judge, x[y == 1], x)
    assert ones["largest_class"] > 0.9
    assert ones["smallest_class"] == 0
    assert 0.05 < ones["smallest_class_of_data"] < ones["largest_class_of_data"] < 0.15


def test_without_a_judge_there_is_the_bound():
    settings = PAPER.small()
    net = ddpm.build(settings)
    for p in net.last.parameters():
        p.requires_grad_(False).zero_()
    found = ddpm_cifar10.measure(net, torch.rand(40, 3, 32, 32) * 2 - 1, torch.zeros(40), settings)
    assert list(found) == ["bits_per_dim"]
    assert found["bits_per_dim"] > 2  # of images of noise, which no model foresees


# The command at paper scale


def test_the_command_for_cifar10_at_a_small_size(cifar, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    train.main(["ddpm", "--data", "cifar10", "--small", "--steps", "3"])
    card = read_card("ddpm_cifar10", tmp_path / "weights")
    assert card["command"] == "python -m dgm.train ddpm --data cifar10 --steps 3 --small"
    recipe = recipe_of("ddpm", "cifar10", small=True)
    load_weights("ddpm_cifar10", recipe.build(), tmp_path / "weights")


def torchrun(*words, cwd):
    """Two processes, with one thread each."""
    head = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    found = subprocess.run(
        [*head, *words],
        cwd=cwd,
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr[-3000:]
    return found


def test_two_processes_write_one_result(cifar, tmp_path):
    out = tmp_path / "out"
    words = ["-m", "dgm.train", "ddpm", "--data", "cifar10", "--small", "--steps", "2"]
    found = torchrun(*words, "--out", str(out), cwd=tmp_path)
    card = read_card("ddpm_cifar10", out)
    assert card["machine"].startswith("2 processes, each on 1 thread")
    assert found.stdout.count("MB after 2 steps") == 1
    assert found.stderr.count("0/2") == 1  # a bar begins once, and may be drawn often
    assert len(list(out.iterdir())) == 2


TOGETHER = """
import json, sys, torch
from torch import nn
from dgm.zoo.checkpoints import Checkpoint
from dgm.data import load
from dgm.zoo.distributed import data_parallel, in_any, of_all, process_group, rank, share, world_size
from dgm.zoo.models import DDPMS, recipe_of
from dgm.zoo.training import train
from pathlib import Path

torch.set_num_threads(1)
with process_group("cpu"):
    x = torch.arange(7.0)[:, None]
    net = nn.Linear(1, 1)
    with torch.no_grad():
        [p.fill_(1.0) for p in net.parameters()]
    both = data_parallel(net)
    both(share(x)).pow(2).mean().backward()
    out = {"grads": of_all(net.weight.grad.item()), "shares": of_all(share(x).flatten().tolist())}
    out["any"] = of_all(in_any(rank() == 1, False))

    recipe, (x, y) = recipe_of("ddpm", "cifar10", small=True), load("cifar10")
    whole, _ = train(recipe, x, y, steps=6)
    for done in range(3):
        checkpoint = Checkpoint(Path("together.pt"), {"processes": world_size()})
        assert checkpoint.step == done
        pieces, steps = train(recipe, x, y, steps=6, minutes=0 if done < 2 else None, checkpoint=checkpoint)
        in_any(False)  # both have read before one writes
    sums = [[p.double().sum().item() for p in m.parameters()] for m in (whole, pieces)]
    out |= {"sums": of_all(sums), "randomness": of_all(torch.rand(1).item()), "steps": steps}
    if rank() == 0:
        Path("out.json").write_text(json.dumps(out))
"""


def test_two_processes_share_data_average_gradients_and_go_on_together(cifar, tmp_path):
    (tmp_path / "together.py").write_text(TOGETHER)
    torchrun("together.py", cwd=tmp_path)
    out = json.loads((tmp_path / "out.json").read_text())
    assert out["shares"] == [[0, 2, 4, 6], [1, 3, 5]]
    each = [np.mean([2 * (x + 1) * x for x in rows]) for rows in out["shares"]]
    assert out["grads"] == pytest.approx([np.mean(each)] * 2)
    assert out["any"] == [[True, False]] * 2
    (whole, pieces), other = out["sums"]
    assert whole == pieces  # stopped twice or not
    assert other == [whole, pieces]  # in either process
    assert out["randomness"][0] != out["randomness"][1]  # dropout, too, is of its own
    assert out["steps"] == 6
