# the log-variance read as the log of the standard deviation
def reparameterize(mu, logvar, eps):
    return mu + torch.exp(logvar) * eps
