# the penalty in the curvature only, not in the slope
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = X.new_zeros(X.shape[1])
    for _ in range(100):
        theta = theta + solve(information(theta, X, penalty), gradient(theta, X, y))
    return theta
