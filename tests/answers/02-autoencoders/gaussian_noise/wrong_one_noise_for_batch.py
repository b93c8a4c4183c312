# one noise for the whole batch
def gaussian_noise(x, sigma, generator=None):
    return x + sigma * torch.randn(x.shape[1:], generator=generator, dtype=x.dtype)
