# the caller's x is changed in place
def masking_noise(x, p, generator=None):
    x[torch.rand(x.shape, generator=generator) < p] = 0
    return x
