# gives the mask back
def drop_labels(y, p, null, generator=None):
    return torch.rand(len(y), generator=generator) < p
