def attention_macs(shape):
    b, c, h, w = shape
    n, heads = h * w, 2 if c % 2 == 0 else 1
    one_head = 2 * n * n * (c // heads)
    return b * (heads * one_head + 4 * n * c * c)
