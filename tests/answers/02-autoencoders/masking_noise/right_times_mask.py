def masking_noise(x, p, generator=None):
    mask = (torch.rand(x.shape, generator=generator) >= p).to(x.dtype)
    return x * mask
