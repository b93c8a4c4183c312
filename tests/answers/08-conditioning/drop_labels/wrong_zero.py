# 0 in place of null
def drop_labels(y, p, null, generator=None):
    dropped = torch.rand(len(y), generator=generator) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), torch.zeros_like(y), y)
