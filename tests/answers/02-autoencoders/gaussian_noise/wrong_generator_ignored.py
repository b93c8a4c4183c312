# randn_like does not take the generator
def gaussian_noise(x, sigma, generator=None):
    return x + sigma * torch.randn_like(x)
