def masking_noise(x, p, generator=None):
    lost = torch.rand(x.shape, generator=generator) < p
    return torch.where(lost, torch.zeros_like(x), x)
