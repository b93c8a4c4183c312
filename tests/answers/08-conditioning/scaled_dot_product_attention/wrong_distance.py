# distances in place of products
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = -torch.cdist(q, k) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v
