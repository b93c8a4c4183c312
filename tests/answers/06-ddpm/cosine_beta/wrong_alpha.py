# alpha in place of beta
def cosine_beta(T=1000, s=0.008):
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    alpha = torch.ones(T + 1, dtype=torch.float64)
    alpha[1:] = (f[1:] / f[:-1]).clamp(min=0.001)
    return alpha
