def attention_macs(shape):
    def product(a, b):
        return a[0] * a[1] * b[1]

    b, c, h, w = shape
    n = h * w
    pairs = [((n, c), (c, c))] * 4 + [((n, c), (c, n)), ((n, n), (n, c))]
    return b * sum(product(*pair) for pair in pairs)
