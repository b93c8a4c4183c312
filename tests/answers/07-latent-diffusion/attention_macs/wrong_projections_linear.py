# a projection as one product for each channel
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c + 2 * n * n * c)
