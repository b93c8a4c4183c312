# the density of the fakes on top
def optimal_discriminator(p, q):
    both = p + q
    return torch.where(both > 0, q / both, torch.full_like(p, 0.5))
