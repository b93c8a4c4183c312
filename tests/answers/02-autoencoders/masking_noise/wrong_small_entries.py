# loses the smallest entries, not random ones
def masking_noise(x, p, generator=None):
    flat = x.flatten()
    n = round(p * flat.numel())
    out = flat.clone()
    out[flat.abs().argsort()[:n]] = 0
    return out.reshape(x.shape)
