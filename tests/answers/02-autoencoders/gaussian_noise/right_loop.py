def gaussian_noise(x, sigma, generator=None):
    out = torch.zeros_like(x)
    for i in range(x.shape[0]):
        out[i] = x[i] + torch.randn(x[i].shape, generator=generator) * sigma
    return out
