# one matrix where there are three for queries, keys and values
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * (2 * n * c * c + 2 * n * n * c)
