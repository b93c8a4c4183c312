import numpy as np


def logistic_coefficients(prior, mean, var):
    p, m, v = prior.numpy(), mean.numpy(), var.numpy()[0]
    w = np.subtract(m[1], m[0]) / v
    b = np.log(p[1] / p[0]) - np.dot(w, m[0] + m[1]) / 2
    return torch.from_numpy(w), torch.tensor(b)
