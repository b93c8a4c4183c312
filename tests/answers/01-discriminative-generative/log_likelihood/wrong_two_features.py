# written out for two features
# raises: IndexError
def log_likelihood(theta, X, y):
    z = theta[0] * X[:, 0] + theta[1] * X[:, 1]
    return torch.nn.functional.logsigmoid((2 * y - 1) * z).sum()
