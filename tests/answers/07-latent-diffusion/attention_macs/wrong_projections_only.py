# the projections alone: four convolutions of 1 by 1
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * 4 * n * c * c
