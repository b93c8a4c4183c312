import numpy as np


def optimal_discriminator(p, q):
    p, q = np.asarray(p), np.asarray(q)
    d = np.full(p.shape, 0.5, dtype=p.dtype)
    np.divide(p, p + q, out=d, where=(p + q) > 0)
    return torch.from_numpy(d)
