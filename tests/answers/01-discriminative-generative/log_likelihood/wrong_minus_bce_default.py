# minus the binary cross-entropy, which is a mean
def log_likelihood(theta, X, y):
    z = X @ theta
    return -binary_cross_entropy_with_logits(z, y.to(z.dtype))
