import numpy as np


def principal_components(x, k):
    a = x.flatten(1).double().numpy()
    w, v = np.linalg.eigh(np.cov(a, rowvar=False))
    order = np.argsort(-w)[:k]
    return torch.tensor(a.mean(0)), torch.tensor(v[:, order].T)
