# nan replaced by 0, so the right tail falls to 0
def sigmoid(z):
    p = torch.exp(z) / (1 + torch.exp(z))
    return torch.nan_to_num(p)
