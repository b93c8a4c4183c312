def joint_log_prob(X, prior, mean, var):
    # (x - m)^2 / v = x^2 / v - 2 x m / v + m^2 / v
    X, mean, var = X.double(), mean.double(), var.double()
    precision = 1 / var
    quad = X**2 @ precision.T - 2 * X @ (mean * precision).T + (mean**2 * precision).sum(1)
    logdet = var.log().sum(1) + X.shape[1] * math.log(2 * math.pi)
    return prior.log() - 0.5 * (logdet + quad)
