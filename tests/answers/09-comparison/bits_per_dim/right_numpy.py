import numpy as np


def bits_per_dim(nats, dim):
    per_dim = np.float64(nats) / dim
    return per_dim / np.log(2)
