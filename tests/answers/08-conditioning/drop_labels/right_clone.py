def drop_labels(y, p, null, generator=None):
    out = y.clone()
    out[torch.rand(y.shape[0], generator=generator) < p] = torch.as_tensor(null, dtype=y.dtype)
    return out
