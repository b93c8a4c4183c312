def joint_log_prob(X, prior, mean, var):
    dist = Normal(mean, var.sqrt())
    return dist.log_prob(X.unsqueeze(1)).sum(-1) + prior.log()
