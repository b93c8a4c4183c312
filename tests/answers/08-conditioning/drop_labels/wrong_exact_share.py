# always the same number of rows: none of a single one
def drop_labels(y, p, null, generator=None):
    dropped = torch.zeros(len(y), dtype=torch.bool)
    dropped[torch.randperm(len(y), generator=generator)[: int(p * len(y))]] = True
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)
