# keeps with probability p in place of dropping
def masking_noise(x, p, generator=None):
    return x * (torch.rand(x.shape, generator=generator) < p)
