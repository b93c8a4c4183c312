# lambda in place of lambda theta in the slope
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = X.new_zeros(X.shape[1])
    for _ in range(50):
        slope = gradient(theta, X, y) - penalty
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta
