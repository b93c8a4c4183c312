# twice the log-variance in place of half of it
def reparameterize(mu, logvar, eps):
    return mu + torch.exp(2 * logvar) * eps
