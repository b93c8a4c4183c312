# the padding stands at the end
def cosine_beta(T=1000, s=0.008):
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    return nn.functional.pad((1 - f[1:] / f[:-1]).clamp(max=0.999), (0, 1))
