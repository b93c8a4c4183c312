# fails without a generator
# raises: AttributeError
def gaussian_noise(x, sigma, generator=None):
    g = torch.Generator(device=generator.device)
    g.set_state(generator.get_state())
    eps = torch.randn(x.shape, generator=generator, dtype=x.dtype)
    return x + sigma * eps
