# the start is returned: theta is never moved
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = X.new_zeros(X.shape[1])
    new = theta
    for _ in range(max_iter):
        slope = gradient(theta, X, y) - penalty * theta
        new = theta + solve(information(theta, X, penalty), slope)
    return theta
