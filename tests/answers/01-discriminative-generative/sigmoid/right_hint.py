def sigmoid(z):
    """sigma(z) = e^min(z, 0) / (e^min(z, 0) + e^(min(z, 0) - z))."""
    m = z.clamp(max=0)
    return torch.exp(m) / (torch.exp(m) + torch.exp(m - z))
