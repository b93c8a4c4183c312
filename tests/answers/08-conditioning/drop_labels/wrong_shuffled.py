# another row's label in place of null
def drop_labels(y, p, null, generator=None):
    dropped = torch.rand(len(y), generator=generator) < p
    other = y[torch.randperm(len(y), generator=generator)]
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), other, y)
