# the logarithm of the sigmoid
def sigmoid(z):
    return -torch.logaddexp(torch.zeros_like(z), -z)
