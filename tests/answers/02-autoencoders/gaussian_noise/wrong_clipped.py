# the noisy image is clipped to [-1, 1]
def gaussian_noise(x, sigma, generator=None):
    eps = torch.randn(x.shape, generator=generator, dtype=x.dtype)
    return (x + sigma * eps).clamp(-1, 1)
