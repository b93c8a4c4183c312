# adds the noise to the caller's x in place
def gaussian_noise(x, sigma, generator=None):
    x += sigma * torch.randn(x.shape, generator=generator, dtype=x.dtype)
    return x
