# the root of the log-variance
def reparameterize(mu, logvar, eps):
    return mu + torch.sqrt(logvar.abs()) * eps
