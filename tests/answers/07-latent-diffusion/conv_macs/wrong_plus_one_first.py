# one added before the division
def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    h, w = ((s + 2 * padding - kernel + 1) // stride for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2
