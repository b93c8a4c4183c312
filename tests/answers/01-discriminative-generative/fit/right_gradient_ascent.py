def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    steepest = torch.linalg.eigvalsh(X.T @ X).max() / 4 + penalty.max()
    theta = torch.zeros(X.shape[1], dtype=X.dtype)
    for _ in range(20000):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + slope / steepest
        if slope.abs().max() < 1e-4:
            break
    return theta
