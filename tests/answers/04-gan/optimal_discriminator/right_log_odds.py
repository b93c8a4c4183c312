# the sigmoid of the log-odds
def optimal_discriminator(p, q):
    d = torch.sigmoid(torch.log(p) - torch.log(q))
    d[torch.isnan(d)] = 0.5
    return d
