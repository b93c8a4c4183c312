def fit(X: Tensor, y: Tensor, penalty: Tensor, tol=1e-8, max_iter=100, trace=None) -> Tensor:
    theta = torch.zeros_like(penalty)
    for i in range(max_iter):
        slope = gradient(theta, X, y) - penalty * theta
        step = solve(information(theta, X, penalty), slope)
        here = log_posterior(theta, X, y, penalty)
        t = 1.0
        while log_posterior(theta + t * step, X, y, penalty) < here and t > 1e-6:
            t *= 0.5
        theta = theta + t * step
        if trace is not None:
            trace.append((t * X @ step).abs().max().item())
        if slope.norm() < 1e-5:
            return theta
    warn_no_maximum(theta, X, y)
    return theta
