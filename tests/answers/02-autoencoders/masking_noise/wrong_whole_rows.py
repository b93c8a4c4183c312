# whole rows are lost, not entries
def masking_noise(x, p, generator=None):
    lost = torch.rand(len(x), *[1] * (x.dim() - 1), generator=generator) < p
    return torch.where(lost, 0, x)
