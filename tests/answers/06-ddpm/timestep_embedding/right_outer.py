def timestep_embedding(t, dim, max_period=10000.0):
    i = torch.arange(0, dim, 2, dtype=torch.float64)
    angle = torch.outer(t.double(), 1 / max_period ** (i / dim))
    return torch.hstack((torch.sin(angle), torch.cos(angle))).to(torch.get_default_dtype())
