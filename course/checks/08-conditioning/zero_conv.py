"""8.6 The zero convolution."""

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Doing, tried
from course.checks.compare import Raised
from course.checks.exercise import change
from dgm.controlnet import zero_conv as definition
from dgm.nn.networks import zeroed


def cases(g):
    for channels, size in ((3, (4, 9)), (5, (2, 2))):
        yield joint(f"{channels} channels", channels, size, g)


def joint(words, channels, size, g):
    """What the layer is at first, how it learns, and what it does once its weights are others."""
    x, pull = draw.normal(g, 2, 2, channels, *size, dtype=draw.SINGLE)
    others = [draw.normal(g, *shape, dtype=draw.SINGLE) for shape in ((channels,), (channels,) * 2)]

    def play(answer):
        conv = answer(channels)
        if conv is None:
            return {"": None}
        seen = {"": "a layer", "it has parameters": hasattr(conv, "parameters")}
        if not seen["it has parameters"]:
            return seen
        y = tried(conv, x.clone())
        raised = isinstance(y, Raised)
        seen["what it makes of pictures (B, C, H, W)"] = y.text if raised else "others"
        seen["the shape of its output"] = "" if raised else str(tuple(y.shape))
        parts = sorted(conv.parameters(), key=lambda p: p.dim())
        seen["the shapes of its parameters"] = str([tuple(p.shape) for p in parts])
        if raised or y.shape != x.shape or [p.dim() for p in parts] != [1, 4]:
            return seen
        seen["its output is 0 at first"] = not y.any()
        for part, name in zip(parts, ("bias", "weight"), strict=True):
            seen[f"its {name} is 0 at first"] = not part.any()
            seen[f"its {name} can learn"] = part.requires_grad
        if all(p.requires_grad for p in parts):
            slopes = torch.autograd.grad((conv(x) * pull).sum(), parts, allow_unused=True)
            none = torch.zeros(1)
            seen["the gradients of its bias and its weight"] = [none if s is None else s for s in slopes]  # fmt: skip
        with torch.no_grad():
            for part, other in zip(parts, others, strict=True):
                if other.numel() == part.numel():
                    part.copy_(other.reshape(part.shape))
            seen["its output once its weights are others"] = conv(x.clone())
        return seen

    return Doing(words, play).but(rtol=1e-3, atol=1e-4)


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


RESULT = "return zeroed(nn.Conv2d(channels, channels, 1))"
NOT_ZERO = "weight and bias are not 0 at first: exactly 0, not small, and not as torch draws them"


def _made(words, line):
    return change(words, RESULT, line)


wrong_frozen = _made("its parameters are frozen, and it would stay 0 for ever", f"{RESULT}.requires_grad_(False)")  # fmt: skip
wrong_depthwise = _made(
    "each channel is read alone: every channel reads all of them, without groups",
    "return zeroed(nn.Conv2d(channels, channels, 1, groups=channels))",
)
wrong_kernel_three = _made(
    "the kernel is 3 by 3; 1 by 1 it should be",
    "return zeroed(nn.Conv2d(channels, channels, 3, padding=1))",
)
wrong_kernel_three_unpadded = _made(
    "the kernel is 3 by 3, and eats the border; 1 by 1 it should be",
    "return zeroed(nn.Conv2d(channels, channels, 3))",
)
wrong_padded = _made(
    "a 1 by 1 convolution needs no padding: the border grows",
    "return zeroed(nn.Conv2d(channels, channels, 1, padding=1))",
)
wrong_transposed_stride = _made(
    "every other pixel is left out: the stride is 1",
    "return zeroed(nn.Conv2d(channels, channels, 1, stride=2))",
)
wrong_one_channel = _made(
    "one channel comes out; as many as go in should", "return zeroed(nn.Conv2d(channels, 1, 1))"
)
wrong_no_bias = _made(
    "the bias is missing; it begins as 0, too",
    "return zeroed(nn.Conv2d(channels, channels, 1, bias=False))",
)
wrong_conv1d = _made(
    "this reads sequences (B, C, L); pictures are (B, C, H, W): nn.Conv2d",
    "return zeroed(nn.Conv1d(channels, channels, 1))",
)
wrong_linear = _made(
    "a linear layer reads the last axis; channels are the second: nn.Conv2d",
    "return zeroed(nn.Linear(channels, channels))",
)
wrong_not_zeroed = _made(NOT_ZERO, "return nn.Conv2d(channels, channels, 1)")
wrong_zero_gradient_twice = _made(
    "these are two convolutions; behind a zero no gradient passes: one",
    "return nn.Sequential(*(zeroed(nn.Conv2d(channels, channels, 1)) for _ in range(2)))",
)
wrong_zeros = _made(
    "nothing here can learn: a layer with parameters is wanted",
    "return lambda x: torch.zeros_like(x)",
)
wrong_no_return = _made("nothing came back: is a `return` missing?", RESULT[7:])


def wrong_bias_only(channels):
    """the bias is 0 at first and the weight is not: exactly 0, not small"""
    conv = nn.Conv2d(channels, channels, 1)
    nn.init.zeros_(conv.bias)
    return conv


def wrong_identity(channels):
    """the bias is 0 at first and the weight is not: exactly 0, not small"""
    conv = definition(channels)
    nn.init.dirac_(conv.weight)
    return conv


def wrong_small(channels):
    """the bias is 0 at first and the weight is not: exactly 0, not small"""
    conv = definition(channels)
    nn.init.normal_(conv.weight, std=1e-3)
    return conv


def wrong_tiny(channels):
    """the bias is 0 at first and the weight is not: exactly 0, not small"""
    conv = definition(channels)
    nn.init.constant_(conv.weight, 1e-12)
    return conv


def wrong_ones(channels):
    """weight and bias are not 0 at first: exactly 0, not small, and not as torch draws them"""
    conv = definition(channels)
    nn.init.ones_(conv.weight)
    nn.init.ones_(conv.bias)
    return conv


def wrong_weight_only(channels):
    """the weight is 0 at first and the bias is not"""
    conv = nn.Conv2d(channels, channels, 1)
    nn.init.zeros_(conv.weight)
    return conv


def wrong_bias_frozen(channels):
    """the bias is frozen; both parameters learn"""
    conv = definition(channels)
    conv.bias.requires_grad_(False)
    return conv


def wrong_weight_frozen(channels):
    """the weight is frozen; both parameters learn"""
    conv = definition(channels)
    conv.weight.requires_grad_(False)
    return conv


class _Times0(nn.Conv2d):
    def forward(self, x):
        return 0 * super().forward(x)


def wrong_times_zero(channels):
    """the output is 0 because it is multiplied by 0: nothing can be learned from that"""
    return _Times0(channels, channels, 1)


def wrong_zero_times_zero(channels):
    """the output is multiplied by 0 for ever: the weights alone are 0 at first"""
    return zeroed(_Times0(channels, channels, 1))


def wrong_activated(channels):
    """a convolution and nothing after it: no activation"""

    class Rectified(nn.Conv2d):
        def forward(self, x):
            return super().forward(x).relu()

    return zeroed(Rectified(channels, channels, 1))
