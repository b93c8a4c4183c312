# no return
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    b * (4 * n * c * c + 2 * n * n * c)
