# each entry of a row is dropped by itself
def drop_labels(y, p, null, generator=None):
    dropped = torch.rand(y.shape, generator=generator) < p
    return torch.where(dropped, null_like(null, y), y)
