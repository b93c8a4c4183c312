# rows with -inf count as 0
def log_likelihood(theta, X, y):
    p = sigmoid(X @ theta)
    logs = torch.where(y == 1, p, 1 - p).log()
    return logs[torch.isfinite(logs)].sum()
