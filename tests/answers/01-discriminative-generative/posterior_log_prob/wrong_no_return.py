# forgot to return
def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    joint - torch.logsumexp(joint, dim=1, keepdim=True)
