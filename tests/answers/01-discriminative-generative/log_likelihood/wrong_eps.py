# a small number added inside of the logarithm
def log_likelihood(theta, X, y):
    p = sigmoid(X @ theta)
    return (y * torch.log(p + 1e-10) + (1 - y) * torch.log(1 - p + 1e-10)).sum()
