# max_period is not used
def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = 10000.0 ** (-torch.arange(half) / half)
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)
