# the weights meet the columns of X, not its rows
# raises: RuntimeError
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return X.T @ (p * (1 - p) * X) + torch.diag(penalty)
