# both are first made to add up to 1 over the grid
def optimal_discriminator(p, q):
    p, q = p / p.sum(), q / q.sum()
    return torch.nan_to_num(p / (p + q), nan=0.5)
