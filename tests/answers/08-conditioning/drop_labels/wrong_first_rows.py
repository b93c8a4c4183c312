# the first rows are dropped, not random ones
def drop_labels(y, p, null, generator=None):
    dropped = torch.arange(len(y)) < p * len(y)
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)
