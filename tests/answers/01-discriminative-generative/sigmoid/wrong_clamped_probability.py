# probabilities kept away from 0 and 1 by 1e-7
def sigmoid(z):
    p = 1 / (1 + torch.exp(-z))
    return p.clamp(1e-7, 1 - 1e-7)
