# T points from 0 to T: the steps are too wide
# raises: IndexError
def cosine_beta(T=1000, s=0.008):
    t = torch.linspace(0, T, T, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[2:] = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    beta[1] = beta[2]
    return beta
