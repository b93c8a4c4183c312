# one normaliser for the whole table
def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint.flatten(), dim=0)
