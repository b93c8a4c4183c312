def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    n, c, h, w = shape
    new_h = (h + 2 * padding - kernel) // stride + 1
    new_w = (w + 2 * padding - kernel) // stride + 1
    return n * c * out_channels * kernel * kernel * new_h * new_w
