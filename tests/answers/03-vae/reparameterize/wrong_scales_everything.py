# brackets: the mean is scaled too
def reparameterize(mu, logvar, eps):
    return torch.exp(logvar / 2) * (mu + eps)
