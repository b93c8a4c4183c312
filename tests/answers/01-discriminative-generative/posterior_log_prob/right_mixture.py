from torch.distributions import Categorical, Independent, MixtureSameFamily


def posterior_log_prob(X, prior, mean, var):
    parts = Independent(Normal(mean, var.sqrt()), 1)
    px = MixtureSameFamily(Categorical(prior), parts).log_prob(X)
    return joint_log_prob(X, prior, mean, var) - px[:, None]
