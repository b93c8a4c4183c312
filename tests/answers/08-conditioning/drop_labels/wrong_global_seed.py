# the global seed set inside
def drop_labels(y, p, null, generator=None):
    torch.manual_seed(0)
    dropped = torch.rand(len(y), generator=generator) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)
