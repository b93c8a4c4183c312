def attention_macs(shape):
    b, c, h, w = shape
    ones = b * h * w * c * c  # a convolution whose kernel is 1 by 1
    total = ones * 3 + ones
    for _ in range(b):
        for _ in range(h):
            total += 2 * w * (h * w) * c
    return total
