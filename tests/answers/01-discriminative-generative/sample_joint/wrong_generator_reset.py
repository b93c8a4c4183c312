# the generator is set back to 0 in every call
def sample_joint(n, prior, mean, var, generator=None):
    generator = generator or torch.Generator()
    generator.manual_seed(0)
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y
