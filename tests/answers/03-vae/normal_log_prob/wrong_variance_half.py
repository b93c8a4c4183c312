# the log-variance divided by two, and the result taken for the variance
def normal_log_prob(x, mu, logvar):
    var = torch.exp(0.5 * logvar)
    each = -0.5 * (math.log(2 * math.pi) + torch.log(var) + (x - mu) ** 2 / var)
    return each.flatten(1).sum(1)
