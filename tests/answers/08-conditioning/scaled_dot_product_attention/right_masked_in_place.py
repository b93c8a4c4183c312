def scaled_dot_product_attention(q, k, v, mask=None):
    s = q @ k.transpose(-1, -2)
    s = s / math.sqrt(q.shape[-1])
    if mask is not None:
        s[~mask.expand_as(s)] = -float("inf")
    return torch.softmax(s, -1).matmul(v)
