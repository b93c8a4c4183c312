# one number for all pixels of an image
def gaussian_noise(x, sigma, generator=None):
    eps = torch.randn(len(x), *[1] * (x.dim() - 1), generator=generator, dtype=x.dtype)
    return x + sigma * eps
