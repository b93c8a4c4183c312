# the largest is taken off in the sum and not put back
def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    top = joint.max(dim=1, keepdim=True).values
    return joint - (joint - top).exp().sum(dim=1, keepdim=True).log()
