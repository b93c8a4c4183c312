# exp(z) / (1 + exp(z)), which is inf / inf on the right
def sigmoid(z):
    return torch.exp(z) / (1 + torch.exp(z))
