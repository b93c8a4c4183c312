# the images of a batch attend to one another
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return 4 * b * n * c * c + 2 * (b * n) ** 2 * c
