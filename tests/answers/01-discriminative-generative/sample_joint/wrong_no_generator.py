# the generator is ignored
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, n, replacement=True)
    return torch.normal(mean[y], var[y].sqrt()), y
