# gives floats back
def drop_labels(y, p, null, generator=None):
    keep = (torch.rand(len(y), generator=generator) >= p).float().reshape(-1, *[1] * (y.ndim - 1))
    return keep * y + (1 - keep) * null_like(null, y)
