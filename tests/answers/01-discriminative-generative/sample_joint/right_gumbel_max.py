def sample_joint(n, prior, mean, var, generator=None):
    u = torch.rand(n, len(prior), generator=generator, dtype=torch.float64)
    y = (prior.log() - torch.log(-torch.log(u))).argmax(dim=1)
    z = torch.empty_like(mean[y]).normal_(generator=generator)
    return z * var[y] ** 0.5 + mean[y], y
