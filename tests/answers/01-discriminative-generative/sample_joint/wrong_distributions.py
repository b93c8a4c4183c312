# torch.distributions does not take the generator
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.distributions.Categorical(prior).sample((n,))
    return Normal(mean[y], var[y].sqrt()).sample(), y
