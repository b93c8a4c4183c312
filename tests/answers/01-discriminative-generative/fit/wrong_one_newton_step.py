# one step of Newton's method only
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = X.new_zeros(X.shape[1])
    slope = gradient(theta, X, y) - penalty * theta
    return theta + solve(information(theta, X, penalty), slope)
