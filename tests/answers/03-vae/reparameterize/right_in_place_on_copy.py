def reparameterize(mu, logvar, eps):
    z = eps.clone()
    z *= (logvar / 2).exp()
    z += mu
    return z
