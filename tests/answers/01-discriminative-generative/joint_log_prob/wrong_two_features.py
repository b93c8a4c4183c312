# only the first two features are looked at
def joint_log_prob(X, prior, mean, var):
    first = Normal(mean[:, 0], var[:, 0].sqrt()).log_prob(X[:, :1])
    second = Normal(mean[:, 1], var[:, 1].sqrt()).log_prob(X[:, 1:2])
    return first + second + prior.log()
