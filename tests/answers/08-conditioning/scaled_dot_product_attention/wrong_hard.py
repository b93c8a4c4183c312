# the best key alone
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return nn.functional.one_hot(scores.argmax(-1), scores.shape[-1]).to(v.dtype) @ v
