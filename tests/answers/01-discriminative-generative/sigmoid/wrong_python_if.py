# an if on a whole tensor
# raises: RuntimeError
def sigmoid(z):
    if z >= 0:
        return 1 / (1 + torch.exp(-z))
    else:
        return torch.exp(z) / (1 + torch.exp(z))
