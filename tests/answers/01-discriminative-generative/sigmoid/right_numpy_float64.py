import numpy as np


def sigmoid(z):
    z = np.asarray(z, dtype=np.float64)
    with np.errstate(over="ignore"):
        return torch.tensor(1.0 / (1.0 + np.exp(-z)))
