# the classes come from the generator, and the noise does not
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    return mean[y] + var[y].sqrt() * torch.randn_like(mean[y]), y
