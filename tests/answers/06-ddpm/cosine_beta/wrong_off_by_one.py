# steps 0 to T - 1, as programmers count
def cosine_beta(T=1000, s=0.008):
    t = torch.arange(T, dtype=torch.float64)
    f = torch.cos(((t + 1) / T + s) / (1 + s) * math.pi / 2) ** 2
    g = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[:-1] = (1 - f / g).clamp(max=0.999)
    return beta
