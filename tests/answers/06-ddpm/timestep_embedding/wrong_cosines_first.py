# cosines first, as in the ADM code
def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = torch.exp(-math.log(max_period) * torch.arange(half) / half)
    args = t.float()[:, None] * freqs
    return torch.cat([args.cos(), args.sin()], 1)
