# the additions alone, one fewer than the products
def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return b * h * w * out_channels * (c * kernel**2 - 1)
