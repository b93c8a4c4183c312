# where's last two arguments swapped: drops with 1 - p
def drop_labels(y, p, null, generator=None):
    dropped = torch.rand(len(y), generator=generator) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), y, null_like(null, y))
