# the log is divided by the log-sum-exp and not lowered by it
def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    return joint / torch.logsumexp(joint, dim=1, keepdim=True)
