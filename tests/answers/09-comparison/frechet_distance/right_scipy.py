import numpy as np
from scipy import linalg


def frechet_distance(f_real, f_fake):
    x, y = f_real.numpy().astype(np.float64), f_fake.numpy().astype(np.float64)
    c1 = np.atleast_2d(np.cov(x, rowvar=False))
    c2 = np.atleast_2d(np.cov(y, rowvar=False))
    root = linalg.sqrtm(c1 @ c2)
    if np.iscomplexobj(root):
        root = root.real
    gap = x.mean(0) - y.mean(0)
    return gap @ gap + np.trace(c1) + np.trace(c2) - 2 * np.trace(root)
