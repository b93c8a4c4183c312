def reparameterize(mu, logvar, eps):
    return torch.sqrt(torch.exp(logvar)) * eps + mu
