# alpha_bar is f itself with a 1 put before it: not divided by f(0)
def cosine_beta(T=1000, s=0.008):
    t = torch.arange(T + 1, dtype=torch.float64)
    alpha_bar = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    alpha_bar[0] = 1
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (1 - alpha_bar[1:] / alpha_bar[:-1]).clamp(max=0.999)
    return beta
