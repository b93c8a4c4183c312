# the largest z is subtracted, as for a softmax
def sigmoid(z):
    e = torch.exp(z - z.max())
    return e / (1 + e)
