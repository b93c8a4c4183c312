# 2 i / (dim / 2): the frequencies fall twice as fast
def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = max_period ** (-2 * torch.arange(half) / half)
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)
