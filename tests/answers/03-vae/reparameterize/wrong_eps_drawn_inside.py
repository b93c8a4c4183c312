# draws its own noise and leaves the argument alone
def reparameterize(mu, logvar, eps):
    return mu + torch.exp(logvar / 2) * torch.randn_like(mu)
