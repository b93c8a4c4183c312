# the log-odds, before the sigmoid
def optimal_discriminator(p, q):
    return torch.nan_to_num(p.log() - q.log(), nan=0.5)
