# nan replaced by a half
def sigmoid(z):
    p = torch.exp(z) / (1 + torch.exp(z))
    p[torch.isnan(p)] = 0.5
    return p
