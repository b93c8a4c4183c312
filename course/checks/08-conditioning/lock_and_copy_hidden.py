"""A single layer, a convolution in evaluation mode, a frozen layer deep inside, a U-Net."""

import torch
from torch import nn

from course.checks import draw
from course.checks.exercise import load
from dgm.nn.unet import UNet


def cases(g):
    locked = load("lock_and_copy").module.locked
    for words, build, shape in (
        ("a single layer", lambda: nn.Linear(3, 2), (5, 3)),
        ("convolutions", convolutions, (4, 1, 5, 5)),
        ("a frozen layer inside", inside, (2, 3)),
    ):
        yield locked(words, build, g, draw.normal(g, *shape, dtype=draw.SINGLE))
    x = draw.normal(g, 2, 1, 4, 4, dtype=draw.SINGLE)
    yield locked("a U-Net", lambda: UNet(width=8), g, x, torch.tensor([1, 5]))


def convolutions():
    norm = nn.BatchNorm2d(4), nn.Dropout(0.3)
    return nn.Sequential(nn.Conv2d(1, 4, 3), *norm, nn.Conv2d(4, 1, 1)).eval()


def inside():
    return nn.Sequential(nn.Sequential(nn.Linear(3, 3).requires_grad_(False)), nn.Tanh())
