# the prior is in the joint, and not in the sum below
def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint - prior.log(), dim=1, keepdim=True)
