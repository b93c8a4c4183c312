# each dimension has a floor
def kl_standard_normal(mu, logvar):
    return (0.5 * (mu**2 + logvar.exp() - 1 - logvar)).clamp(min=0.1).flatten(1).sum(1)
