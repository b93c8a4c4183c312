# the result keeps t's dtype, integers
def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = t[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1).to(t.dtype)
