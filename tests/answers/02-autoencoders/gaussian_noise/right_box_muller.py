def gaussian_noise(x, sigma, generator=None):
    u = 1 - torch.rand(x.shape, generator=generator, dtype=torch.float64)
    v = torch.rand(x.shape, generator=generator, dtype=torch.float64)
    eps = torch.sqrt(-2 * torch.log(u)) * torch.cos(2 * math.pi * v)
    return x + sigma * eps.to(x.dtype)
