# a score as one product, not as a sum over channels
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c * c + n * n + n * n * c)
