# the caller's penalty is divided by the number of rows, then a mean is climbed
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    n = len(X)
    penalty /= n
    rate = 1 / (torch.linalg.eigvalsh(X.T @ X).max() / (4 * n) + penalty.max())
    theta = X.new_zeros(X.shape[1])
    for _ in range(1000):
        theta = theta + rate * (gradient(theta, X, y) / n - penalty * theta)
    return theta
