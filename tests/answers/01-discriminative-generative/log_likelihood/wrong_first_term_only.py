# rows with y = 0 do not count
def log_likelihood(theta, X, y):
    return (y * torch.nn.functional.logsigmoid(X @ theta)).sum()
