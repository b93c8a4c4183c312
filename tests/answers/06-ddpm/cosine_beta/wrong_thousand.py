# always 1000 steps
def cosine_beta(T=1000, s=0.008):
    t = torch.arange(1001, dtype=torch.float64)
    f = torch.cos((t / 1000 + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(1001, dtype=torch.float64)
    beta[1:] = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return beta
