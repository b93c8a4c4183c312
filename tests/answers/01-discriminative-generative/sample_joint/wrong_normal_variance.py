# torch.normal is given the variance, and wants the standard deviation
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    return torch.normal(mean[y], var[y], generator=generator), y
