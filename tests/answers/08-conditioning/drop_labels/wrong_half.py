# one half whatever p is
def drop_labels(y, p, null, generator=None):
    dropped = torch.randint(2, (len(y),), generator=generator).bool()
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)
