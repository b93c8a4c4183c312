# i from 1 to dim / 2
def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = max_period ** (-torch.arange(1, half + 1) / half)
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)
