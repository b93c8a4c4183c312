# the values are compared with, not the keys
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ (v if v.shape[-1] == q.shape[-1] else k).transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v
