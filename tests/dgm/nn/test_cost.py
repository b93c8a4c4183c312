"""Costs: against PyTorch's own counter of floating-point operations, two a multiply-accumulate."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from dgm.nn.cost import attention_macs, conv_macs
from dgm.nn.self_attention import Attention
from dgm.nn.unet import UNet


def counted(module, *args):
    """The multiply-accumulates that PyTorch counts while the module runs."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        module(*args)
    return counter.get_total_flops() / 2


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(("kernel", "padding"), [(1, 0), (3, 0), (3, 1), (4, 1), (5, 3)])
@pytest.mark.parametrize("shape", [(1, 1, 28, 28), (3, 4, 7, 7), (2, 5, 6, 11)])
def test_a_convolution_costs_what_torch_counts(shape, kernel, padding, stride):
    conv = nn.Conv2d(shape[1], 6, kernel, stride, padding)
    wanted = counted(conv, torch.zeros(shape))
    assert conv_macs(shape, 6, kernel, stride, padding) == wanted


def test_without_more_words_neither_stride_nor_padding():
    shape = (2, 3, 5, 6)
    assert conv_macs(shape, 4, 3) == counted(nn.Conv2d(3, 4, 3), torch.zeros(shape))


@pytest.mark.parametrize("heads", [1, 2, 4])
@pytest.mark.parametrize("shape", [(1, 8, 1, 2), (1, 8, 28, 28), (3, 16, 7, 7), (2, 4, 3, 5)])
def test_attention_costs_what_torch_counts(shape, heads):
    assert attention_macs(shape) == counted(Attention(shape[1], heads), torch.zeros(shape))


def test_a_network_is_the_sum_of_its_parts():
    """The U-Net's convolutions and attentions, by their hooks; what is left, its linear layers."""
    parts = []
    net = UNet(width=8)
    for module in net.modules():
        if isinstance(module, Attention):
            module.register_forward_hook(lambda m, x, y: parts.append(attention_macs(y.shape)))
            module.qkv.inside = module.out.inside = True
        elif isinstance(module, nn.Conv2d) and not hasattr(module, "inside"):
            module.register_forward_hook(
                lambda m, x, y: parts.append(
                    conv_macs(
                        x[0].shape, m.out_channels, m.kernel_size[0], m.stride[0], m.padding[0]
                    )
                )
            )
        elif isinstance(module, nn.Linear):
            module.register_forward_hook(lambda m, x, y: parts.append(y.numel() * m.in_features))
    total = counted(net, torch.zeros(2, 1, 12, 8), torch.ones(2, dtype=torch.int64))
    assert sum(parts) == total


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: conv_macs((3, 8, 8), 4, 3), "expected 4, got 3"),
        (lambda: attention_macs((1, 2, 8, 8, 8)), "expected 4"),
        (lambda: conv_macs((1, 1, 9, 2), 4, 5, padding=1), "wanted a kernel that fits into 9 by 2"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
