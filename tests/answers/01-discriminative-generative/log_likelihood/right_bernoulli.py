from torch.distributions import Bernoulli


def log_likelihood(theta, X, y):
    return Bernoulli(logits=X @ theta).log_prob(y.to(X.dtype)).sum()
