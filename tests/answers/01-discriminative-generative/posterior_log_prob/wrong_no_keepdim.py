# no keepdim: the normaliser is spread over the columns
# raises: RuntimeError
def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint, dim=1)
