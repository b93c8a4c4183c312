def kl_standard_normal(mu, logvar):
    dims = tuple(range(1, mu.dim()))
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=dims)
