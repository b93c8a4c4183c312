# exactly a share p of the batch's entries
def masking_noise(x, p, generator=None):
    out = x.flatten().clone()
    order = torch.randperm(out.numel(), generator=generator)
    out[order[: round(p * out.numel())]] = 0
    return out.reshape(x.shape)
