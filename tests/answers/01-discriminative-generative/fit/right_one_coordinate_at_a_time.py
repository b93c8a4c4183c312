def fit(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    d = X.shape[1]
    theta = X.new_zeros(d)
    bound = (X**2).sum(0) / 4 + penalty  # curvature is never above it
    z = X @ theta
    for sweep in range(3000):
        largest = 0.0
        for j in range(d):
            slope = X[:, j] @ (y - torch.sigmoid(z)) - penalty[j] * theta[j]
            move = slope / bound[j]
            theta[j] += move
            z = z + move * X[:, j]
            largest = max(largest, move.abs().item())
        if largest < 1e-6:
            break
    return theta
