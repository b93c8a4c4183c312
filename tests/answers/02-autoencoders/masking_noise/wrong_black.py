# a lost pixel becomes -1, which is black, and not 0
def masking_noise(x, p, generator=None):
    return torch.where(torch.rand(x.shape, generator=generator) < p, -1.0, x)
