# uniform noise, with mean 0 and variance sigma squared
def gaussian_noise(x, sigma, generator=None):
    u = torch.rand(x.shape, generator=generator, dtype=x.dtype)
    return x + sigma * math.sqrt(12) * (u - 0.5)
