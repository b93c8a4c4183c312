# the labels 0 and 1 taken for -1 and 1
def log_likelihood(theta, X, y):
    return torch.nn.functional.logsigmoid(y * (X @ theta)).sum()
