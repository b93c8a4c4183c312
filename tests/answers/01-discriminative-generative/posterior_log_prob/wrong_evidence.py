# log p(x) alone
def posterior_log_prob(X, prior, mean, var):
    return torch.logsumexp(joint_log_prob(X, prior, mean, var), dim=1, keepdim=True)
