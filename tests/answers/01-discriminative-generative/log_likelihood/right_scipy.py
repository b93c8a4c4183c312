from scipy.special import log_expit


def log_likelihood(theta, X, y):
    z = X.numpy() @ theta.numpy()
    y = y.numpy()
    return torch.tensor((y * log_expit(z) + (1 - y) * log_expit(-z)).sum())
