# two rows share one coin
def drop_labels(y, p, null, generator=None):
    dropped = torch.rand((len(y) + 1) // 2, generator=generator).repeat_interleave(2)[: len(y)] < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)
