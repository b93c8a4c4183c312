# the caller's features are standardised in place, all but the first
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    X[:, 1:] -= X[:, 1:].mean(0)
    X[:, 1:] /= X[:, 1:].std(0)
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta
