def gradient(theta, X, y):
    z = torch.einsum("nd,d->n", X, theta)
    return torch.einsum("n,nd->d", y - 1 / (1 + torch.exp(-z)), X)
