# sample draws noise of its own and cuts the graph
def reparameterize(mu, logvar, eps):
    return torch.distributions.Normal(mu, torch.exp(logvar / 2)).sample()
