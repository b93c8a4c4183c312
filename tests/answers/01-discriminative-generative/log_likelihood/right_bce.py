def log_likelihood(theta, X, y):
    return -binary_cross_entropy_with_logits(X @ theta, y.to(X.dtype), reduction="sum")
