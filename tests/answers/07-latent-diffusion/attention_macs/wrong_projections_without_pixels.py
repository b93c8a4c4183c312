# the projections' weights counted once, not for each pixel
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * (4 * c * c + 2 * n * n * c)
