# the penalty taken off once a row
def log_posterior(theta, X, y, penalty):
    z = X @ theta
    rows = torch.nn.functional.logsigmoid((2 * y - 1) * z) - 0.5 * (penalty * theta**2).sum()
    return rows.sum()
