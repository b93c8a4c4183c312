def log_posterior(theta, X, y, penalty):
    nll = binary_cross_entropy_with_logits(X @ theta, y.to(X.dtype), reduction="sum")
    reg = torch.sum(penalty * theta.pow(2)) / 2
    return -(nll + reg)
