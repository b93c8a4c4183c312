# 1/2 wherever one of them is 0
def optimal_discriminator(p, q):
    return torch.where((p > 0) & (q > 0), p / (p + q), torch.full_like(p, 0.5))
