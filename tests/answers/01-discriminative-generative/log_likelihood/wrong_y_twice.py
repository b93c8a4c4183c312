# y in place of 1 - y in the second term
def log_likelihood(theta, X, y):
    z = X @ theta
    logsig = torch.nn.functional.logsigmoid
    return (y * logsig(z) + y * logsig(-z)).sum()
