# clamps the log-variance to keep it tame
def normal_log_prob(x, mu, logvar):
    logvar = logvar.clamp(-4, 4)
    return torch.distributions.Normal(mu, torch.exp(logvar / 2)).log_prob(x).flatten(1).sum(1)
