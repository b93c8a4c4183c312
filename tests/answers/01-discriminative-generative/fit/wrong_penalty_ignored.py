# the penalty is not used: maximum likelihood
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        H = information(theta, X, torch.zeros_like(penalty))
        theta = theta + solve(H, gradient(theta, X, y))
    return theta
