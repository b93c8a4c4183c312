def gaussian_noise(x, sigma, generator=None):
    return x + sigma * torch.randn(x.shape, generator=generator, dtype=x.dtype)
