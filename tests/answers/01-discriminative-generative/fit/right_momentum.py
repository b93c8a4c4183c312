def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    L = torch.linalg.matrix_norm(X, 2) ** 2 / 4 + penalty.max()
    theta = torch.zeros_like(X[0])
    ahead = theta
    for k in range(10000):
        new = ahead + (gradient(ahead, X, y) - penalty * ahead) / L
        if (new - ahead) @ (new - theta) < 0:
            ahead = new  # uphill no more: start again without momentum
        else:
            ahead = new + k / (k + 3) * (new - theta)
        done = (new - theta).norm() < 1e-7
        theta = new
        if done:
            break
    return theta
