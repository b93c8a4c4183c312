from torch.distributions import Categorical, Independent


def joint_log_prob(X, prior, mean, var):
    px = Independent(Normal(mean, torch.sqrt(var)), 1)
    py = Categorical(probs=prior)
    return px.log_prob(X[:, None]) + py.log_prob(torch.arange(len(prior)))
