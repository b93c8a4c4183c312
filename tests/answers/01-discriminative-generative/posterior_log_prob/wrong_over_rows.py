# normalised over the rows and not over the classes
def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint, dim=0, keepdim=True)
