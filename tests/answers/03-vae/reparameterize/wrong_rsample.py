# rsample draws noise of its own
def reparameterize(mu, logvar, eps):
    return torch.distributions.Normal(mu, torch.exp(logvar / 2)).rsample()
