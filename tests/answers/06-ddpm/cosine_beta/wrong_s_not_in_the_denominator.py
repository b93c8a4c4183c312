# no 1 + s in the denominator: the angle passes 90 degrees
def cosine_beta(T=1000, s=0.008):
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (1 - f[1:] / f[:-1]).clamp(0, max=0.999)
    return beta
