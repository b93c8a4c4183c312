# the lower triangle is never filled
def information(theta, X, penalty):
    d = X.shape[1]
    p = sigmoid(X @ theta)
    H = torch.diag(penalty)
    for j in range(d):
        for k in range(j, d):
            H[j, k] += (p * (1 - p) * X[:, j] * X[:, k]).sum()
    return H
