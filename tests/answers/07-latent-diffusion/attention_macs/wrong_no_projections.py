# the scores and the weighted sums alone
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * 2 * n * n * c
