# mixes x and noise so that the variance stays: that is a diffusion step
def gaussian_noise(x, sigma, generator=None):
    eps = torch.randn(x.shape, generator=generator, dtype=x.dtype)
    return math.sqrt(max(0.0, 1 - sigma**2)) * x + sigma * eps
