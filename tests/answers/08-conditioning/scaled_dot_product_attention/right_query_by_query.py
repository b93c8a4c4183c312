def scaled_dot_product_attention(q, k, v, mask=None):
    out = []
    for i in range(q.shape[-2]):
        scores = (q[..., i : i + 1, :] * k).sum(-1) / math.sqrt(k.shape[-1])
        if mask is not None:
            row = mask[..., i, :] if mask.shape[-2] > 1 else mask[..., 0, :]
            scores = scores.masked_fill(~row, -math.inf)
        weights = (scores - scores.logsumexp(-1, keepdim=True)).exp()
        out.append((weights[..., None] * v).sum(-2))
    return torch.stack(out, -2)
