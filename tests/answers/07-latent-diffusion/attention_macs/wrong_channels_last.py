# the shape read as (B, H, W, C)
def attention_macs(shape):
    b, h, w, c = shape
    n = h * w
    return b * (4 * n * c * c + 2 * n * n * c)
