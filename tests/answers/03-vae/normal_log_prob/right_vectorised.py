def normal_log_prob(x, mu, logvar):
    var = torch.exp(logvar)
    each = -0.5 * (math.log(2 * math.pi) + logvar + (x - mu) ** 2 / var)
    return each.reshape(len(x), -1).sum(dim=1)
