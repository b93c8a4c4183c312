# the noise multiplies x and is not added to it
def gaussian_noise(x, sigma, generator=None):
    return x * (1 + sigma * torch.randn(x.shape, generator=generator, dtype=x.dtype))
