# a coin for two classes, whatever K
def sample_joint(n, prior, mean, var, generator=None):
    y = (torch.rand(n, generator=generator, dtype=prior.dtype) < prior[1]).long()
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y
