def log_likelihood(theta, X, y):
    z = X @ theta
    return (y * z + torch.nn.functional.logsigmoid(-z)).sum().item()
