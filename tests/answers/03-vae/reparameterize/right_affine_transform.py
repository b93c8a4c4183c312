from torch.distributions.transforms import AffineTransform


def reparameterize(mu, logvar, eps):
    return AffineTransform(mu, torch.exp(logvar / 2))(eps)
