def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = torch.exp(-math.log(max_period) * torch.arange(half) / half)
    args = t.float().unsqueeze(1) * freqs
    return torch.cat([args.sin(), args.cos()], -1)
