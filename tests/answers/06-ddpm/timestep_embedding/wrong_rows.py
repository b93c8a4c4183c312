# sines below cosines: concatenated along the batch
def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()])
