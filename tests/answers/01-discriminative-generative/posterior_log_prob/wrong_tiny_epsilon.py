# 1e-300 inside the log of the sum
def posterior_log_prob(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.log(torch.exp(joint).sum(dim=1, keepdim=True) + 1e-300)
