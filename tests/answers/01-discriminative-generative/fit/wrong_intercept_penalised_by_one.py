# a penalty of 1 on the first coefficient, the intercept
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    lam = penalty.clone()
    lam[0] += 1
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        slope = gradient(theta, X, y) - lam * theta
        theta = theta + solve(information(theta, X, lam), slope)
    return theta
