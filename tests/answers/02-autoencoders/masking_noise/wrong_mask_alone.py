# the mask is returned, not the masked x
def masking_noise(x, p, generator=None):
    return (torch.rand(x.shape, generator=generator) >= p).to(x.dtype)
