# divided by the mixture (p + q) / 2
def optimal_discriminator(p, q):
    return torch.nan_to_num(p / ((p + q) / 2), nan=0.5)
