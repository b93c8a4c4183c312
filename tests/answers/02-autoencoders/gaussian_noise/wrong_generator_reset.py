# the generator is set back in every call
def gaussian_noise(x, sigma, generator=None):
    g = torch.Generator().manual_seed(generator.initial_seed() if generator else 0)
    return x + sigma * torch.randn(x.shape, generator=g, dtype=x.dtype)
