# the noise without x
def gaussian_noise(x, sigma, generator=None):
    return sigma * torch.randn(x.shape, generator=generator, dtype=x.dtype)
