# the log of 2 pi is counted once, not once for each feature
def joint_log_prob(X, prior, mean, var):
    diff = X[:, None, :] - mean
    quad = (diff**2 / var).sum(2)
    return prior.log() - 0.5 * (math.log(2 * math.pi) + var.log().sum(1) + quad)
