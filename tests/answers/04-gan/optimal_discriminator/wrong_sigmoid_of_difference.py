# a sigmoid of the difference of the densities
def optimal_discriminator(p, q):
    return torch.sigmoid(p - q)
