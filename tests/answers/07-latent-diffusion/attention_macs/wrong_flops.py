# operations, two for each multiply-accumulate
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return 2 * b * (4 * n * c * c + 2 * n * n * c)
