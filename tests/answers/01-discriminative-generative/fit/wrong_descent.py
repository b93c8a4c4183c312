# descent in place of ascent
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    rate = 1 / torch.linalg.eigvalsh(X.T @ X).max()
    theta = X.new_zeros(X.shape[1])
    for _ in range(100):
        theta = theta - rate * (gradient(theta, X, y) - penalty * theta)
    return theta
