# the joint density as it is, without p(x)
def posterior_log_prob(X, prior, mean, var):
    return joint_log_prob(X, prior, mean, var)
