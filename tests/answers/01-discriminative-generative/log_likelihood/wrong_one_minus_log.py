# 1 - log sigmoid in place of log(1 - sigmoid)
def log_likelihood(theta, X, y):
    z = X @ theta
    logsig = torch.nn.functional.logsigmoid
    return (y * logsig(z) + (1 - y) * (1 - logsig(z))).sum()
