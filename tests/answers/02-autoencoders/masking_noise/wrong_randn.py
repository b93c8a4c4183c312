# compares p with Gaussian numbers
def masking_noise(x, p, generator=None):
    return torch.where(torch.randn(x.shape, generator=generator) < p, 0, x)
