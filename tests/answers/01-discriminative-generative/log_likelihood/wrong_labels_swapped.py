# the labels 0 and 1 swapped
def log_likelihood(theta, X, y):
    z = X @ theta
    logsig = torch.nn.functional.logsigmoid
    return ((1 - y) * logsig(z) + y * logsig(-z)).sum()
