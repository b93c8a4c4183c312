# the logarithm of a sigmoid that has become 0
def log_likelihood(theta, X, y):
    p = sigmoid(X @ theta)
    return (y * torch.log(p) + (1 - y) * torch.log(1 - p)).sum()
