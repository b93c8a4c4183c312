def reparameterize(mu, logvar, eps):
    return torch.addcmul(mu, logvar.div(2).exp(), eps)
