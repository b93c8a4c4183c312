def posterior_log_prob(X, prior, mean, var):
    j = joint_log_prob(X, prior, mean, var)
    j = j - j.max(dim=1).values[:, None]
    return j - j.exp().sum(dim=1)[:, None].log()
