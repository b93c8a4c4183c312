# divides by dim / 2 - 1, as the DDPM code does
def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = torch.exp(-math.log(max_period) * torch.arange(half) / max(half - 1, 1))
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)
