def attention_macs(shape):
    b, c, h, w = shape
    return 2 * b * c * h * w * (2 * c + h * w)
