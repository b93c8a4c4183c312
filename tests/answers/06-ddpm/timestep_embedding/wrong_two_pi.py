# an angle in turns: 2 pi too much
def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = 2 * math.pi * t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)
