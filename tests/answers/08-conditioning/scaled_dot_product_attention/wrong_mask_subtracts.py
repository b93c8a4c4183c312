# 10 is taken off a masked score
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores - 10.0 * (~mask).to(q.dtype)
    return scores.softmax(-1) @ v
