# the negative log-likelihood
def normal_log_prob(x, mu, logvar):
    each = 0.5 * (math.log(2 * math.pi) + logvar + (x - mu) ** 2 / logvar.exp())
    return each.flatten(1).sum(1)
