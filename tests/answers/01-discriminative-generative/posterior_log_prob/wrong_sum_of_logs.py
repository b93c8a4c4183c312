# the sum of the logs in place of the log of the sum
def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    return joint - joint.sum(dim=1, keepdim=True)
