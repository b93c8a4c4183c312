# forgot to return
def normal_log_prob(x, mu, logvar):
    each = -0.5 * (math.log(2 * math.pi) + logvar + (x - mu) ** 2 / logvar.exp())
    each.flatten(1).sum(1)
