# single precision: 1 minus a ratio near 1 keeps three digits
def cosine_beta(T=1000, s=0.008):
    t = torch.arange(T + 1)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1)
    beta[1:] = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return beta
