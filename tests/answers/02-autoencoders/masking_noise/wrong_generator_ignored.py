# rand_like does not take the generator
def masking_noise(x, p, generator=None):
    return torch.where(torch.rand_like(x) < p, 0, x)
