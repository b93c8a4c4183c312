# the last matrix forgotten
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * (3 * n * c * c + 2 * n * n * c)
