# the height for the number of pixels
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * (4 * h * c * c + 2 * h * h * c)
