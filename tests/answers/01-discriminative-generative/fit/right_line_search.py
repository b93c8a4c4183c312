def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """Gradient ascent, with a step size that is halved until the value grows enough."""
    theta, rate = X.new_zeros(X.shape[1]), 1.0
    for _ in range(5000):
        slope = gradient(theta, X, y) - penalty * theta
        here = log_posterior(theta, X, y, penalty)
        while rate > 1e-9 and (
            log_posterior(theta + rate * slope, X, y, penalty) < here + 0.5 * rate * slope @ slope
        ):
            rate /= 2
        theta = theta + rate * slope
        if slope.norm() < 1e-4:
            break
        rate *= 2
    return theta
