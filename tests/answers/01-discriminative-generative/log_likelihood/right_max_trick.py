def log_likelihood(theta, X, y):
    z = X @ theta
    softplus = z.clamp(min=0) + torch.log1p(torch.exp(-z.abs()))
    return torch.dot(y.to(z.dtype), z) - softplus.sum()
