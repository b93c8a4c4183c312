# computed without a graph
def reparameterize(mu, logvar, eps):
    with torch.no_grad():
        return mu + torch.exp(logvar / 2) * eps
