# weights z (1 - z): the sigmoid is missing
def information(theta, X, penalty):
    z = X @ theta
    return X.T @ ((z * (1 - z))[:, None] * X) + torch.diag(penalty)
