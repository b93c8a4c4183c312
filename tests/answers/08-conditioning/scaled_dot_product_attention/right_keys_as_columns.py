def scaled_dot_product_attention(q, k, v, mask=None):
    scores = k @ q.transpose(-1, -2) / math.sqrt(k.shape[-1])  # (..., Lk, Lq)
    if mask is not None:
        scores = scores.masked_fill(~mask.transpose(-1, -2), -math.inf)
    return (v.transpose(-1, -2) @ scores.softmax(-2)).transpose(-1, -2)
