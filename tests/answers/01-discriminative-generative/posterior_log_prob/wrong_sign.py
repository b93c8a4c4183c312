# log-sum-exp added and not taken off
def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    return joint + torch.logsumexp(joint, dim=1, keepdim=True)
