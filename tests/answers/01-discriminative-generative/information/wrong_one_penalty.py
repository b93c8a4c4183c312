# the last lambda for every coefficient, the intercept too
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + penalty[-1] * torch.eye(len(theta))
