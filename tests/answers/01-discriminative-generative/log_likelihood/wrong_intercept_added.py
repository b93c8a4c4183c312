# a column of ones is added, though X has one
def log_likelihood(theta, X, y):
    z = X @ theta + theta[0]
    return torch.nn.functional.logsigmoid((2 * y - 1) * z).sum()
