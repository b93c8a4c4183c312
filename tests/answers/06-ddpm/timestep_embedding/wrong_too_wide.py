# dim sines and dim cosines
def timestep_embedding(t, dim, max_period=10000.0):
    freqs = max_period ** (-torch.arange(dim) / dim)
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)
