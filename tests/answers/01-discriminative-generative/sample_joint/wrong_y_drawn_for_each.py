# the means and the deviations are picked by different draws of the class
def sample_joint(n, prior, mean, var, generator=None):
    def draw():
        return torch.multinomial(prior, n, replacement=True, generator=generator)

    y = draw()
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[draw()].sqrt() * eps, y
