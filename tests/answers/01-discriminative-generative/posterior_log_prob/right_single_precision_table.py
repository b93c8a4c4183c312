def posterior_log_prob(X, prior, mean, var):
    joint = torch.zeros(len(X), len(prior))
    for k in range(len(prior)):
        joint[:, k] = Normal(mean[k], var[k].sqrt()).log_prob(X).sum(1) + prior[k].log()
    top = joint.max(1, keepdim=True)[0]
    return joint - (top + (joint - top).exp().sum(1, keepdim=True).log())
