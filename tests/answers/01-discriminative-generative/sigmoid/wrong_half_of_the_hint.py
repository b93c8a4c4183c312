# numerator and denominator not multiplied by the same factor: 1/2 for all z > 0
def sigmoid(z):
    a = torch.exp(torch.minimum(z, torch.tensor(0.0)))
    return a / (1 + a)
