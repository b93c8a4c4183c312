import numpy as np
from scipy.special import expit


def information(theta, X, penalty):
    X, theta, penalty = (np.asarray(a, dtype=float) for a in (X, theta, penalty))
    p = expit(X @ theta)
    return torch.tensor(X.T @ np.diag(p * (1 - p)) @ X + np.diag(penalty))
