# one formula for all of z, chosen by its sum
def sigmoid(z):
    if z.sum() >= 0:
        return 1 / (1 + torch.exp(-z))
    return torch.exp(z) / (1 + torch.exp(z))
