def log_likelihood(theta, X, y):
    z = X @ theta
    both = torch.log_softmax(torch.stack([torch.zeros_like(z), z], dim=1), dim=1)
    return both[torch.arange(len(y)), y.long()].sum()
