def reparameterize(mu, logvar, eps):
    std = torch.exp(0.5 * logvar)
    return mu + eps * std
