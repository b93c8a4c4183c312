def sigmoid(z):
    z = torch.clamp(z, -500, 500)
    return 1 / (1 + torch.exp(-z))
