# the number of features is written down
# raises: RuntimeError
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = torch.zeros(3, dtype=X.dtype)
    for _ in range(30):
        slope = X.T @ (y - torch.sigmoid(X @ theta)) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta
