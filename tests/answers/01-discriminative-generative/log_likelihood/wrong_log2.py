# logarithms to base 2
def log_likelihood(theta, X, y):
    z = X @ theta
    return torch.nn.functional.logsigmoid((2 * y - 1) * z).sum() / math.log(2)
