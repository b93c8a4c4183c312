# sines and cosines take turns, as in the Transformer paper
def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = torch.exp(-math.log(max_period) * torch.arange(half) / half)
    args = t.float()[:, None] * freqs
    return torch.stack([args.sin(), args.cos()], 2).flatten(1)
