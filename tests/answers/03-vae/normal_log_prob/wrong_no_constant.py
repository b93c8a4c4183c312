# the constant log(2 pi) is left out
def normal_log_prob(x, mu, logvar):
    return (-0.5 * (logvar + (x - mu) ** 2 / logvar.exp())).flatten(1).sum(1)
