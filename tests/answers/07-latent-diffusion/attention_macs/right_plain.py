def attention_macs(shape):
    b, c, h, w = shape
    n = h * w

    project = n * c * 3 * c
    scores = n * n * c
    read = n * n * c
    out = n * c * c
    return b * (project + scores + read + out)
