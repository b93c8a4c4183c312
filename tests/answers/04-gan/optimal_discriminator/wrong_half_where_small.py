# 1/2 wherever both are small, not only where both are 0
def optimal_discriminator(p, q):
    both = p + q
    return torch.where(both > 1e-6, p / both, torch.full_like(p, 0.5))
