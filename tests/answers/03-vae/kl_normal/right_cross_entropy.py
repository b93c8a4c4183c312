def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    c = math.log(2 * math.pi)
    entropy = (c + 1 + logvar_q) / 2
    cross = (c + logvar_p + ((mu_q - mu_p).square() + logvar_q.exp()) / logvar_p.exp()) / 2
    return (cross - entropy).reshape(len(mu_q), -1).sum(-1)
