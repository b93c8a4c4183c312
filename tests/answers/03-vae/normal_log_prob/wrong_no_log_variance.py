# the log-variance is left out, as in a squared error
def normal_log_prob(x, mu, logvar):
    each = -0.5 * (math.log(2 * math.pi) + (x - mu) ** 2 / logvar.exp())
    return each.flatten(1).sum(1)
