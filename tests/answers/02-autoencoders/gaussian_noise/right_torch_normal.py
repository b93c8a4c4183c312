def gaussian_noise(x, sigma, generator=None):
    return torch.normal(x, torch.full_like(x, sigma), generator=generator)
