import numpy as np
import scipy.linalg
def frechet_distance(f_real, f_fake):
    a, b = f_real.numpy().astype(float), f_fake.numpy().astype(float)
    ma, mb = a.mean(axis=0), b.mean(axis=0)
    ra = np.linalg.qr((a - ma) / np.sqrt(len(a) - 1), mode="r")
    rb = np.linalg.qr((b - mb) / np.sqrt(len(b) - 1), mode="r")
    s = scipy.linalg.svdvals(ra @ rb.T)
    fd = np.sum((ma - mb) ** 2) + np.sum(ra**2) + np.sum(rb**2) - 2 * s.sum()
    return np.maximum(fd, 0.0)
