# coefficients of standardised features are returned
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    Z = X.clone()
    Z[:, 1:] = (X[:, 1:] - X[:, 1:].mean(0)) / X[:, 1:].std(0)
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        slope = gradient(theta, Z, y) - penalty * theta
        theta = theta + solve(information(theta, Z, penalty), slope)
    return theta
