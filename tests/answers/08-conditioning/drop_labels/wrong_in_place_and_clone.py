# labels changed in place, and a copy given back
def drop_labels(y, p, null, generator=None):
    y[torch.rand(len(y), generator=generator) < p] = torch.as_tensor(null, dtype=y.dtype)
    return y.clone()
