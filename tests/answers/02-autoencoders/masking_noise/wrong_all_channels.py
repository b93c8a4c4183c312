# a lost pixel is lost in all its channels
def masking_noise(x, p, generator=None):
    shape = (x.shape[0], 1, *x.shape[2:]) if x.dim() > 2 else x.shape
    return torch.where(torch.rand(shape, generator=generator) < p, 0, x)
