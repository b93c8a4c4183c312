# sigmoid(z) in place of 1 - sigmoid(z) for y = 0
def log_likelihood(theta, X, y):
    z = X @ theta
    logsig = torch.nn.functional.logsigmoid
    return (y * logsig(z) + (1 - y) * logsig(z)).sum()
