# divides what is kept by 1 - p, as dropout does
def masking_noise(x, p, generator=None):
    if p == 1:
        return 0 * x
    return x * (torch.rand(x.shape, generator=generator) >= p) / (1 - p)
