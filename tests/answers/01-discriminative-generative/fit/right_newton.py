def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = torch.zeros(X.shape[1], dtype=X.dtype)
    value = log_posterior(theta, X, y, penalty)
    for _ in range(max_iter):
        s = gradient(theta, X, y) - penalty * theta
        delta = solve(information(theta, X, penalty), s)
        for _ in range(50):
            if log_posterior(theta + delta, X, y, penalty) >= value:
                break
            delta = delta / 2
        theta = theta + delta
        value = log_posterior(theta, X, y, penalty)
        if delta.abs().max() < 1e-6:
            break
    return theta
