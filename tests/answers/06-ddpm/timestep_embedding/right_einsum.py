def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freq = torch.tensor([max_period ** (-i / half) for i in range(half)], dtype=torch.float64)
    phase = torch.einsum("b,k->bk", t.to(freq.dtype), freq)
    return torch.stack([phase.sin(), phase.cos()], dim=1).flatten(1)
