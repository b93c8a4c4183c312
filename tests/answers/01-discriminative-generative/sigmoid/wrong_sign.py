# the sign of the exponent is missing: 1 - sigmoid
def sigmoid(z):
    return 1 / (1 + torch.exp(z))
