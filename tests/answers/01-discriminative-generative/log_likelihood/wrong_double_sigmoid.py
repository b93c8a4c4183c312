# probabilities in place of log-odds
def log_likelihood(theta, X, y):
    p = sigmoid(X @ theta)
    return -binary_cross_entropy_with_logits(p, y.to(p.dtype), reduction="sum")
