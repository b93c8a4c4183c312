# the scores without the weighted sums of values
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c * c + n * n * c)
