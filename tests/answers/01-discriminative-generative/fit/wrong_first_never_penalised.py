# the first coefficient never penalised, whatever lambda says
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    lam = penalty.clone()
    lam[0] = 0
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        slope = gradient(theta, X, y) - lam * theta
        theta = theta + solve(information(theta, X, lam), slope)
    return theta
