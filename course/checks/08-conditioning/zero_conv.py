"""TITLE."""

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.controlnet import zero_conv as definition
from dgm.nn.networks import zeroed


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_apply(channels):
    conv = nn.Conv2d(channels, channels, 1)
    conv.load_state_dict({k: torch.zeros_like(v) for k, v in conv.state_dict().items()})
    return conv


def right_data(channels):
    conv = nn.Conv2d(channels, channels, (1, 1), stride=1, padding=0)
    conv.weight.data.fill_(0)
    conv.bias.data = torch.zeros(channels)
    return conv


def right_init(channels):
    conv = nn.Conv2d(channels, channels, kernel_size=1)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv


def right_no_grad(channels):
    conv = nn.Conv2d(channels, channels, 1)
    with torch.no_grad():
        for p in conv.parameters():
            p.zero_()
    return conv


def right_parameters(channels):
    conv = nn.Conv2d(channels, channels, 1)
    conv.weight = nn.Parameter(torch.zeros(channels, channels, 1, 1))
    conv.bias = nn.Parameter(torch.zeros(channels))
    return conv


def right_zeroed(channels):
    return zeroed(nn.Conv2d(channels, channels, 1))


# Mistakes, and what a student is told.


def wrong_bias_only(channels):
    """the bias is 0 and the weight is not: exactly 0, not small"""
    conv = nn.Conv2d(channels, channels, 1)
    nn.init.zeros_(conv.bias)
    return conv


def wrong_conv1d(channels):
    """it cannot take (B, C, H, W): Expected 2D (unbatched) or 3D (batched) input to conv1d, but
    got input of size: [2, 3, 4, 9]. nn.Conv2d can"""
    conv = nn.Conv1d(channels, channels, 1)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv


def wrong_depthwise(channels):
    """each channel by itself: every channel is to read all of them, so no groups"""
    conv = nn.Conv2d(channels, channels, 1, groups=channels)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv


def wrong_frozen(channels):
    """its parameters are frozen: it would stay 0 for ever"""
    conv = nn.Conv2d(channels, channels, 1)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv.requires_grad_(False)


def wrong_identity(channels):
    """the bias is 0 and the weight is not: exactly 0, not small"""
    conv = nn.Conv2d(channels, channels, 1)
    nn.init.dirac_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv


def wrong_kernel_three(channels):
    """the kernel is 1 by 1, not 3 by 3"""
    conv = nn.Conv2d(channels, channels, 3, padding=1)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv


def wrong_kernel_three_unpadded(channels):
    """a kernel of 3 by 3, without padding"""
    conv = nn.Conv2d(channels, channels, 3)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv


def wrong_linear(channels):
    """it cannot take (B, C, H, W): mat1 and mat2 shapes cannot be multiplied (24x9 and 3x3).
    nn.Conv2d can"""
    conv = nn.Linear(channels, channels)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv


def wrong_no_bias(channels):
    """it needs a bias, too, which begins as 0"""
    conv = nn.Conv2d(channels, channels, 1, bias=False)
    nn.init.zeros_(conv.weight)
    return conv


def wrong_no_return(channels):
    """no return"""
    conv = nn.Conv2d(channels, channels, 1)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)


def wrong_not_zeroed(channels):
    """weight and bias begin as 0: exactly 0, not small, and not as torch draws them"""
    conv = nn.Conv2d(channels, channels, 1)
    return conv


def wrong_one_channel(channels):
    """one channel comes out"""
    conv = nn.Conv2d(channels, 1, 1)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv


def wrong_ones(channels):
    """weight and bias begin as 0: exactly 0, not small, and not as torch draws them"""
    conv = nn.Conv2d(channels, channels, 1)
    nn.init.ones_(conv.weight)
    nn.init.ones_(conv.bias)
    return conv


def wrong_padded(channels):
    """padding where none is wanted"""
    conv = nn.Conv2d(channels, channels, 1, padding=1)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv


def wrong_small(channels):
    """the bias is 0 and the weight is not: exactly 0, not small"""
    conv = nn.Conv2d(channels, channels, 1)
    nn.init.normal_(conv.weight, std=1e-3)
    nn.init.zeros_(conv.bias)
    return conv


def wrong_times_zero(channels):
    """a random convolution whose result is multiplied by 0: no gradient reaches it"""

    class Times0(nn.Conv2d):
        def forward(self, x):
            return 0 * super().forward(x)

    return Times0(channels, channels, 1)


def wrong_transposed_stride(channels):
    """every other pixel alone"""
    conv = nn.Conv2d(channels, channels, 1, stride=2)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv


def wrong_weight_only(channels):
    """the weight is 0 and the bias is not"""
    conv = nn.Conv2d(channels, channels, 1)
    nn.init.zeros_(conv.weight)
    return conv


def wrong_zero_gradient_twice(channels):
    """one convolution, not two: behind a zero no gradient passes"""
    return nn.Sequential(
        zeroed(nn.Conv2d(channels, channels, 1)), zeroed(nn.Conv2d(channels, channels, 1))
    )


def wrong_zeros(channels):
    """a module with parameters is wanted: it has to learn"""
    return lambda x: torch.zeros_like(x)
