# the scores counted for four heads with all channels each
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c * c + 4 * 2 * n * n * c)
