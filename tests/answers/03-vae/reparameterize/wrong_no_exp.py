# the log-variance taken for the standard deviation
def reparameterize(mu, logvar, eps):
    return mu + logvar * eps
