# the cost of one image
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return 4 * n * c * c + 2 * n * n * c
