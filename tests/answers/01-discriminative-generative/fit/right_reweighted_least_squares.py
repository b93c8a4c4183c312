def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    # each step is a weighted least squares with a working response
    y = y.to(X.dtype)
    theta = X.new_zeros(X.shape[1])
    for _ in range(max_iter):
        z = X @ theta
        p = sigmoid(z)
        w = (p * (1 - p)).clamp(min=1e-12)
        response = z + (y - p) / w
        A = X.T @ (w[:, None] * X) + torch.diag(penalty)
        new = torch.linalg.solve(A, X.T @ (w * response))
        moved = (new - theta).abs().max()
        theta = new
        if moved < 1e-7:
            break
    return theta
