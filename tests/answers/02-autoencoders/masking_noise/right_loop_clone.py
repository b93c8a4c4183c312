def masking_noise(x, p, generator=None):
    out = x.clone()
    for row in out:
        row[torch.rand(row.shape, generator=generator) < p] = 0
    return out
