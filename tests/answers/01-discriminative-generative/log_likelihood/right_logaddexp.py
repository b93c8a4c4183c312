def log_likelihood(theta, X, y):
    z = (X * theta).sum(dim=1)
    zero = torch.zeros_like(z)
    log_p1 = -torch.logaddexp(zero, -z)
    log_p0 = -torch.logaddexp(zero, z)
    return torch.where(y.bool(), log_p1, log_p0).sum()
