# the sample is detached
def reparameterize(mu, logvar, eps):
    return (mu + torch.exp(logvar / 2) * eps).detach()
