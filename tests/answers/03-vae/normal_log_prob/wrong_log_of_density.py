# the density first and its log afterwards: it underflows far out
def normal_log_prob(x, mu, logvar):
    var = logvar.exp()
    p = torch.exp(-((x - mu) ** 2) / (2 * var)) / torch.sqrt(2 * math.pi * var)
    return torch.log(p).flatten(1).sum(1)
