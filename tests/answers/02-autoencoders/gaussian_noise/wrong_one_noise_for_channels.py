# the channels of an image share their noise
def gaussian_noise(x, sigma, generator=None):
    shape = (x.shape[0], 1, *x.shape[2:]) if x.dim() > 2 else x.shape
    return x + sigma * torch.randn(shape, generator=generator, dtype=x.dtype)
