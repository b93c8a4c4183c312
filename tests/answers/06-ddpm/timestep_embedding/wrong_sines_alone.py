# dim sines and no cosine
def timestep_embedding(t, dim, max_period=10000.0):
    freqs = max_period ** (-torch.arange(dim) / dim)
    return (t.float()[:, None] * freqs).sin()
