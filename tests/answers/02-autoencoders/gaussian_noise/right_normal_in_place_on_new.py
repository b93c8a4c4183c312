def gaussian_noise(x, sigma, generator=None):
    noise = torch.empty_like(x).normal_(mean=0.0, std=1.0, generator=generator)
    noise.mul_(sigma)
    return noise.add_(x)
