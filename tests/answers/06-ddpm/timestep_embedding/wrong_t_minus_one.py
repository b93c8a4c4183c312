# counts steps from 0: t - 1
def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = (t.float()[:, None] - 1) * freqs
    return torch.cat([args.sin(), args.cos()], 1)
