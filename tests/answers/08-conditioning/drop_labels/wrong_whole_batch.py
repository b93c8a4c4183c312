# one coin for the whole batch
def drop_labels(y, p, null, generator=None):
    if torch.rand(1, generator=generator).item() < p:
        return null_like(null, y).clone()
    return y.clone()
