def scaled_dot_product_attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = (q / d**0.25) @ (k / d**0.25).mT
    scores = scores - scores.amax(-1, keepdim=True)
    weights = scores.exp()
    if mask is not None:
        scores = scores.masked_fill(mask.logical_not(), -1e30)
        weights = (scores - scores.amax(-1, keepdim=True)).exp()
    return weights @ v / weights.sum(-1, keepdim=True)
