# the dropped rows are left out
def drop_labels(y, p, null, generator=None):
    return y[torch.rand(len(y), generator=generator) >= p]
