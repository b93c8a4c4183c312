# p / q: the odds, not the probability
def optimal_discriminator(p, q):
    return torch.nan_to_num(p / q, nan=0.5, posinf=1.0)
