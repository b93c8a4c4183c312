# uniform noise on (0, 1)
def gaussian_noise(x, sigma, generator=None):
    return x + sigma * torch.rand(x.shape, generator=generator, dtype=x.dtype)
