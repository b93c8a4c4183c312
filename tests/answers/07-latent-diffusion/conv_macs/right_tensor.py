def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    sides = (torch.tensor(shape[2:]) + 2 * padding - kernel).div(stride, rounding_mode="floor") + 1
    return sides.prod() * shape[0] * shape[1] * out_channels * kernel**2
