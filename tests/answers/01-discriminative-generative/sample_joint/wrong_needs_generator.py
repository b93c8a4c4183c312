# a call without a generator fails: None is not looked at
# raises: AttributeError
def sample_joint(n, prior, mean, var, generator=None):
    u = torch.empty(n, dtype=prior.dtype).uniform_(generator=generator)
    y = torch.searchsorted(prior.cumsum(0), u).clamp(max=len(prior) - 1)
    own = torch.Generator().manual_seed(generator.initial_seed() + int(u[0] * 2**40))
    return mean[y] + var[y].sqrt() * torch.randn(mean[y].shape, generator=own), y
