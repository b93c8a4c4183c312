# the penalty added once a row
def information(theta, X, penalty):
    H = 0
    for x in X:
        p = sigmoid(x @ theta)
        H = H + p * (1 - p) * torch.outer(x, x) + torch.diag(penalty)
    return H
