def cosine_beta(T=1000, s=0.008):
    def f(t):
        return math.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2

    beta = [0.0]
    for t in range(1, T + 1):
        beta.append(min(1 - f(t) / f(t - 1), 0.999))
    return torch.tensor(beta, dtype=torch.float64)
