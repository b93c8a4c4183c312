# queries and keys are brought to length 1
def scaled_dot_product_attention(q, k, v, mask=None):
    q, k = nn.functional.normalize(q, dim=-1), nn.functional.normalize(k, dim=-1)
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v
