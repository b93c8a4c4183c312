# standardises the noise over the batch
def reparameterize(mu, logvar, eps):
    eps = (eps - eps.mean(0)) / eps.std(0)
    return mu + torch.exp(logvar / 2) * eps
