def kl_standard_normal(mu, logvar):
    c = math.log(2 * math.pi)
    cross = (c + mu**2 + logvar.exp()) / 2
    entropy = (1 + c + logvar) / 2
    return (cross - entropy).view(len(mu), -1).sum(1)
