# the outer products of the rows' slopes, with every label 0
def information(theta, X, penalty):
    g = sigmoid(X @ theta)[:, None] * X
    return g.T @ g + torch.diag(penalty)
