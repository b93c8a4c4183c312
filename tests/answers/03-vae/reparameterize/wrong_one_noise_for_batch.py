# the first row's noise for the whole batch
def reparameterize(mu, logvar, eps):
    return mu + torch.exp(logvar / 2) * eps[:1]
