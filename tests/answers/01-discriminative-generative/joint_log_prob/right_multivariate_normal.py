from torch.distributions import MultivariateNormal


def joint_log_prob(X, prior, mean, var):
    d = MultivariateNormal(mean, covariance_matrix=torch.diag_embed(var))
    return torch.log(prior) + d.log_prob(X.unsqueeze(1))
