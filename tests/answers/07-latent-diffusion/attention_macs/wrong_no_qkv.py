# queries, keys and values taken as given
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * (n * c * c + 2 * n * n * c)
