# the variance is given to Normal as its standard deviation
def joint_log_prob(X, prior, mean, var):
    return Normal(mean, var).log_prob(X[:, None, :]).sum(2) + prior.log()
