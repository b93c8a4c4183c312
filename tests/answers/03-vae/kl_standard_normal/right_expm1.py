def kl_standard_normal(mu, logvar):
    mu, logvar = mu.flatten(start_dim=1), logvar.flatten(start_dim=1)
    return (torch.einsum("bd,bd->b", mu, mu) + (torch.expm1(logvar) - logvar).sum(-1)) / 2
