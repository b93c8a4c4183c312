def timestep_embedding(t, dim, max_period=10000.0):
    freq = torch.logspace(0, -1, dim // 2 + 1, base=max_period, dtype=torch.float64)[:-1]
    wave = torch.exp(1j * t[:, None] * freq)
    return torch.cat([wave.imag, wave.real], 1).float()
