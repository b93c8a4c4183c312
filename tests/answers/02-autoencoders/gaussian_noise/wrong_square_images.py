# shapes the noise for 8 by 8 images
# raises: RuntimeError
def gaussian_noise(x, sigma, generator=None):
    return x + sigma * torch.randn(len(x), 1, 8, 8, generator=generator, dtype=x.dtype)
