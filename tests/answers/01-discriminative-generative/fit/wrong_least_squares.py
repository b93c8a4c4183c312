# least squares on the labels
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    return torch.linalg.solve(X.T @ X + torch.diag(penalty), X.T @ y.to(X.dtype))
