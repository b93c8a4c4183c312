# the sign of the likelihood turned
def log_posterior(theta, X, y, penalty):
    bce = binary_cross_entropy_with_logits(X @ theta, y.to(X.dtype), reduction="sum")
    return bce - 0.5 * (penalty * theta**2).sum()
