# gradient ascent with ten steps
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    rate = 4 / torch.linalg.eigvalsh(X.T @ X).max()
    theta = X.new_zeros(X.shape[1])
    for _ in range(10):
        theta = theta + rate * (gradient(theta, X, y) - penalty * theta)
    return theta
