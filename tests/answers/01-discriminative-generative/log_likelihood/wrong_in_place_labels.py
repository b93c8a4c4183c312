# the caller's labels become -1 and 1
def log_likelihood(theta, X, y):
    y *= 2
    y -= 1
    return torch.nn.functional.logsigmoid(y * (X @ theta)).sum()
