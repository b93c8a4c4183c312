# the noise is taken off: the same distribution, another sample
def reparameterize(mu, logvar, eps):
    return mu - torch.exp(logvar / 2) * eps
