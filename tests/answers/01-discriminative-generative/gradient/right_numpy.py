import numpy as np
from scipy.special import expit


def gradient(theta, X, y):
    Xn = X.numpy().astype(np.float64)
    return torch.from_numpy(Xn.T.dot(y.numpy() - expit(Xn.dot(theta.numpy()))))
