def masking_noise(x, p, generator=None):
    drop = torch.empty_like(x).uniform_(generator=generator).lt(p)
    return x.masked_fill(drop, 0.0)
