def fit(X, y, penalty, **unused):
    theta = torch.zeros(X.shape[1], dtype=X.dtype)
    for _ in range(25):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + torch.linalg.solve(information(theta, X, penalty), slope)
    return theta
