def optimal_discriminator(p, q):
    return torch.nan_to_num(p / (p + q), nan=0.5)
