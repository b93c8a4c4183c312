# the largest entry of the whole table is taken off, not of each row
def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    p = (joint - joint.max()).exp()
    return (p / p.sum(dim=1, keepdim=True)).log()
