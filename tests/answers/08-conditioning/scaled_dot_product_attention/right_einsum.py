def scaled_dot_product_attention(q, k, v, mask=None):
    scores = torch.einsum("...id,...jd->...ij", q, k) * q.shape[-1] ** -0.5
    if mask is not None:
        scores = torch.where(mask, scores, torch.tensor(-1e9, dtype=q.dtype))
    return torch.einsum("...ij,...jd->...id", torch.softmax(scores, dim=-1), v)
