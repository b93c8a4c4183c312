# exp, divide, log: 0 / 0 far away
def posterior_log_prob(X, prior, mean, var):
    p = joint_log_prob(X, prior, mean, var).exp()
    return (p / p.sum(dim=1, keepdim=True)).log()
