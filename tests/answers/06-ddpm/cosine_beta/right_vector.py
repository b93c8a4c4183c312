def cosine_beta(T=1000, s=0.008):
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * torch.pi / 2) ** 2
    alpha_bar = f / f[0]
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (1 - alpha_bar[1:] / alpha_bar[:-1]).clamp(max=0.999)
    return beta
