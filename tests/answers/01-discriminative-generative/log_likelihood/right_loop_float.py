def log_likelihood(theta, X, y):
    total = 0.0
    for i in range(X.shape[0]):
        z = float(X[i] @ theta)
        m = z if y[i] == 1 else -z
        # log sigmoid(m), with no positive exponent
        if m > 0:
            total += -math.log1p(math.exp(-m))
        else:
            total += m - math.log1p(math.exp(m))
    return total
