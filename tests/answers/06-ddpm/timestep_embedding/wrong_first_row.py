# the first step's embedding for the whole batch
def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = t[0].float() * freqs
    return torch.cat([args.sin(), args.cos()]).expand(len(t), dim)
