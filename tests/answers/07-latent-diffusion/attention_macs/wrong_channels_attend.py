# channels attend to channels, in place of pixels to pixels
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c * c + 2 * c * c * n)
