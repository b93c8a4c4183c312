def information(theta, X, penalty):
    H = torch.diag(penalty)
    for x in X:
        p = sigmoid(x @ theta)
        H = H + p * (1 - p) * torch.outer(x, x)
    return H
