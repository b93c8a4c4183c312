# binary_cross_entropy of probabilities, which stops at -100
def log_likelihood(theta, X, y):
    p = sigmoid(X @ theta)
    return -torch.nn.functional.binary_cross_entropy(p, y.to(p.dtype), reduction="sum")
