# the cost of one image
def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return h * w * c * out_channels * kernel**2
