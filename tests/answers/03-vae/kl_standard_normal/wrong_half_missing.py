# the half is missing
def kl_standard_normal(mu, logvar):
    return (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
