# small random batches at a fixed rate: it wanders about the top
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = X.new_zeros(X.shape[1])
    for _ in range(500):
        rows = torch.randint(len(X), (16,))
        theta = theta + 0.1 * (gradient(theta, X[rows], y[rows]) / 16 - penalty * theta / len(X))
    return theta
