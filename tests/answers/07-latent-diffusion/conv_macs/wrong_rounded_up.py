# rounded up in place of down
def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    h, w = (math.ceil((s + 2 * padding - kernel) / stride) + 1 for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2
