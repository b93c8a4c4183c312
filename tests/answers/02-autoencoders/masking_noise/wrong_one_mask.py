# one mask for the whole batch
def masking_noise(x, p, generator=None):
    return torch.where(torch.rand(x.shape[1:], generator=generator) < p, 0, x)
