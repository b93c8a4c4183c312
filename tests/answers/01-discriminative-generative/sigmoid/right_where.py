def sigmoid(z):
    pos = 1 / (1 + torch.exp(-z))
    neg = torch.exp(z) / (1 + torch.exp(z))
    return torch.where(z >= 0, pos, neg)
