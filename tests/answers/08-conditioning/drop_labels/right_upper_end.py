def drop_labels(y, p, null, generator=None):
    dropped = 1 - torch.rand(len(y), generator=generator, dtype=torch.float64) <= p
    return torch.where(dropped.reshape((-1,) + (1,) * (y.ndim - 1)), null_like(null, y), y)
