def cosine_beta(T=1000, s=0.008):
    t = torch.arange(T + 1).double()
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2).square()
    beta = -torch.diff(f, prepend=f[:1])
    beta[1:] = torch.minimum(beta[1:] / f[:-1], torch.tensor(0.999, dtype=torch.float64))
    return beta
