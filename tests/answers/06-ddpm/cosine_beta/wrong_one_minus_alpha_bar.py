# 1 - alpha_bar in place of 1 - alpha
def cosine_beta(T=1000, s=0.008):
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    return (1 - f / f[0]).clamp(max=0.999)
