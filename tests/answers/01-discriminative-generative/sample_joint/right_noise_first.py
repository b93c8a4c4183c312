def sample_joint(n, prior, mean, var, generator=None):
    eps = torch.randn(n, mean.size(-1), generator=generator)
    y = torch.multinomial(prior.expand(n, -1), 1, generator=generator).squeeze(1)
    return [torch.addcmul(mean[y], eps, var.sqrt()[y]), y]
