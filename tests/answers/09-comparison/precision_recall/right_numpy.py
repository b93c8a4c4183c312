import numpy as np


def precision_recall(f_real, f_fake, k=3):
    real, fake = f_real.numpy(), f_fake.numpy()

    def table(a, b):
        return np.sqrt(((a[:, None, :] - b[None, :, :]) ** 2).sum(-1))

    def radii(a):
        d = table(a, a)
        np.fill_diagonal(d, np.inf)
        return np.partition(d, k - 1, axis=1)[:, k - 1]

    d = table(fake, real)
    precision = (d <= radii(real)[None, :]).any(axis=1).mean()
    recall = (d.T <= radii(fake)[None, :]).any(axis=1).mean()
    return np.array([precision, recall])
