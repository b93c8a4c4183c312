# no return
def drop_labels(y, p, null, generator=None):
    dropped = torch.rand(len(y), generator=generator) < p
    out = torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)
