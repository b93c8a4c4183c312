# the constant is counted once, not once for each entry
def normal_log_prob(x, mu, logvar):
    each = -0.5 * (logvar + (x - mu) ** 2 / logvar.exp())
    return each.flatten(1).sum(1) - 0.5 * math.log(2 * math.pi)
