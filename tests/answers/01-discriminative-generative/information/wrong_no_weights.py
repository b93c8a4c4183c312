# the rows' weights are missing
def information(theta, X, penalty):
    return X.T @ X + torch.diag(penalty)
