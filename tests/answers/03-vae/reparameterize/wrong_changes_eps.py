# works in place on the caller's noise
def reparameterize(mu, logvar, eps):
    return eps.mul_(torch.exp(logvar.detach() / 2)) + mu + 0 * logvar
