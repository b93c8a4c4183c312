# probabilities clamped to 1e-7: -16 in place of -1000
def log_likelihood(theta, X, y):
    p = sigmoid(X @ theta).clamp(1e-7, 1 - 1e-7)
    return (y * p.log() + (1 - y) * (1 - p).log()).sum()
