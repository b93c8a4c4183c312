# a lost entry becomes -1 or 1
def masking_noise(x, p, generator=None):
    lost = torch.rand(x.shape, generator=generator) < p
    sign = torch.randint(0, 2, x.shape, generator=generator).to(x.dtype) * 2 - 1
    return torch.where(lost, sign, x)
