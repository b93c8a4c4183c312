# one coin for the whole batch, by broadcasting
def drop_labels(y, p, null, generator=None):
    dropped = torch.rand(1, generator=generator).expand(len(y)) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)
