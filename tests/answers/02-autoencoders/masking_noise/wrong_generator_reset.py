# the generator is set back in every call
def masking_noise(x, p, generator=None):
    g = torch.Generator().manual_seed(generator.initial_seed() if generator else 0)
    return torch.where(torch.rand(x.shape, generator=g) < p, 0, x)
