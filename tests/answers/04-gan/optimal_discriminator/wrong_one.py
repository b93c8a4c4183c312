# 0 / 0 becomes 1
def optimal_discriminator(p, q):
    return torch.where(p + q == 0, torch.ones_like(p), p / (p + q))
