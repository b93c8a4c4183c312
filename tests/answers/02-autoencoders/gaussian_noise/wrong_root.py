# the root of sigma: sigma is read as the variance
def gaussian_noise(x, sigma, generator=None):
    return x + math.sqrt(sigma) * torch.randn(x.shape, generator=generator, dtype=x.dtype)
