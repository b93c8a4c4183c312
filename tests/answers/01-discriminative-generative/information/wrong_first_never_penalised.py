# the first coefficient never penalised, whatever lambda says
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    lam = penalty.clone()
    lam[0] = 0
    return X.T @ ((p * (1 - p))[:, None] * X) + torch.diag(lam)
