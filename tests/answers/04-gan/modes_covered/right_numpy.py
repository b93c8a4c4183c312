import numpy as np


def modes_covered(x, centers, sigma, min_share=0.01):
    x, centers = x.numpy(), centers.numpy()
    distance = np.linalg.norm(x[:, None] - centers[None], axis=2)
    good = distance.min(1) < 3 * sigma
    share = np.bincount(distance.argmin(1)[good], minlength=len(centers)) / len(x)
    return int(np.count_nonzero(share >= min_share)), float(good.mean())
