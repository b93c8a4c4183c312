# each pair of pixels once: the scores taken to be symmetric
def attention_macs(shape):
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c * c + n * (n + 1) // 2 * c + n * n * c)
