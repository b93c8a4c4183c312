# sigma squared, the variance, scales the noise
def gaussian_noise(x, sigma, generator=None):
    return x + sigma**2 * torch.randn(x.shape, generator=generator, dtype=x.dtype)
