from scipy.spatial.distance import pdist, squareform, cdist
import numpy as np
def precision_recall(f_real, f_fake, k=3):
    a, b = f_real.double().numpy(), f_fake.double().numpy()
    ra = np.sort(squareform(pdist(a)), axis=1)[:, k]
    rb = np.sort(squareform(pdist(b)), axis=1)[:, k]
    d = cdist(a, b)
    hit_fake = (d <= ra[:, None]).any(axis=0)
    hit_real = (d <= rb).any(axis=1)
    return np.mean(hit_fake), np.mean(hit_real)
