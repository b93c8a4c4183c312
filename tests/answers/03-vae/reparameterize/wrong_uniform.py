# uniform noise of its own
def reparameterize(mu, logvar, eps):
    return mu + torch.exp(logvar / 2) * torch.rand_like(eps)
