def drop_labels(y, p, null, generator=None):
    keep = (torch.rand(len(y), generator=generator) >= p).to(y.dtype)
    keep = keep.reshape(len(y), *(1 for _ in y.shape[1:]))
    return keep * y + (1 - keep) * null_like(null, y)
