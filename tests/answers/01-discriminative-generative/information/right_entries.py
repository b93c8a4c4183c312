def information(theta, X, penalty):
    n, d = X.shape
    p = sigmoid(X @ theta)
    w = p * (1 - p)
    H = torch.zeros(d, d)
    for j in range(d):
        for k in range(d):
            H[j, k] = (w * X[:, j] * X[:, k]).sum()
    return H + torch.diag(penalty)
