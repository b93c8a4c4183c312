# the height of the top in place of where it is
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = X.new_zeros(X.shape[1])
    for _ in range(20):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
    return log_posterior(theta, X, y, penalty)
