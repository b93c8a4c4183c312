from torch.utils.flop_counter import FlopCounterMode


def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    conv = nn.Conv2d(shape[1], out_channels, kernel, stride, padding)
    with FlopCounterMode(display=False) as counter:
        conv(torch.zeros(*shape))
    return counter.get_total_flops() // 2
