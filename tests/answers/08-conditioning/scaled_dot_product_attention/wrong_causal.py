# always causal: no query reads what comes later
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    early = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    mask = early if mask is None else early & mask
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e9)
    return scores.softmax(-1) @ v
