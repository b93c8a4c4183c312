# gradient ascent that stops when a small step has become a little smaller
def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    rate = 0.1 / torch.linalg.eigvalsh(X.T @ X).max()
    theta = X.new_zeros(X.shape[1])
    for _ in range(100000):
        step = rate * (gradient(theta, X, y) - penalty * theta)
        theta = theta + step
        if step.abs().max() < 1e-3:
            break
    return theta
