# no gradient reaches the mean
def reparameterize(mu, logvar, eps):
    return mu.detach() + torch.exp(logvar / 2) * eps
