def masking_noise(x, p, generator=None):
    keep = torch.bernoulli(torch.full_like(x, 1 - p), generator=generator)
    return keep * x
