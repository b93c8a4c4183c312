# .data cuts the gradient to the log-variance
def reparameterize(mu, logvar, eps):
    return mu + torch.exp(logvar.data / 2) * eps
