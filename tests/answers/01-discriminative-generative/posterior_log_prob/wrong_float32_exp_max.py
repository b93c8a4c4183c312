# the probabilities are rounded to float32 before the log
def posterior_log_prob(X, prior, mean, var):
    return joint_log_prob(X, prior, mean, var).float().softmax(1).log().to(X.dtype)
