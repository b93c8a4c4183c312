# the 1 in the denominator is missing
def sigmoid(z):
    return 1 / torch.exp(-z)
