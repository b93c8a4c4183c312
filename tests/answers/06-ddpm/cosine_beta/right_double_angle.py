def cosine_beta(T=1000, s=0.008):
    t = torch.linspace(0, T, T + 1, dtype=torch.float64)
    f = (1 + torch.cos((t / T + s) / (1 + s) * math.pi)) / 2
    alpha = torch.ones(T + 1, dtype=torch.float64)
    alpha[1:] = torch.clamp(f[1:] / f[:-1], min=0.001)
    return 1 - alpha
