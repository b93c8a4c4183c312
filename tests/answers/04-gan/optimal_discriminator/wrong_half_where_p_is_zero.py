# 1/2 wherever p is 0
def optimal_discriminator(p, q):
    return torch.where(p > 0, p / (p + q), torch.full_like(p, 0.5))
