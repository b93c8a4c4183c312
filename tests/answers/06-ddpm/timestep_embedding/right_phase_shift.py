def timestep_embedding(t, dim, max_period=10000.0):
    k = torch.arange(dim, dtype=torch.float64)
    freq = max_period ** (-(k % (dim // 2)) / (dim // 2))
    return torch.sin(t[:, None] * freq + (k >= dim // 2) * math.pi / 2).float()
