# the generator is ignored
def drop_labels(y, p, null, generator=None):
    dropped = torch.rand(len(y)) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)
