# the sigmoid is missing: linear regression by gradient ascent
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    rate = 1 / (torch.linalg.eigvalsh(X.T @ X).max() + penalty.max())
    theta = X.new_zeros(X.shape[1])
    for _ in range(1000):
        theta = theta + rate * (X.T @ (y - X @ theta) - penalty * theta)
    return theta
