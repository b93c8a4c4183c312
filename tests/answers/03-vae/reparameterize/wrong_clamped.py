# clamps the standard deviation from below
def reparameterize(mu, logvar, eps):
    return mu + torch.exp(logvar / 2).clamp(min=0.5) * eps
