# 1e-12 added so that the log is never of 0
def posterior_log_prob(X, prior, mean, var):
    p = joint_log_prob(X, prior, mean, var).exp()
    return ((p + 1e-12) / (p + 1e-12).sum(dim=1, keepdim=True)).log()
