def drop_labels(y, p, null, generator=None):
    dropped = torch.rand(len(y), generator=generator) < p
    return torch.where(dropped.view(-1, *[1] * (y.dim() - 1)), null_like(null, y), y)
