import numpy as np
def frechet_distance(f_real, f_fake):
    a = f_real.detach().cpu().numpy().astype(np.float64)
    b = f_fake.detach().cpu().numpy().astype(np.float64)
    c1 = np.atleast_2d(np.cov(a, rowvar=False))
    c2 = np.atleast_2d(np.cov(b, rowvar=False))
    lam = np.linalg.eigvals(c1 @ c2).real
    lam = np.where(lam > 0, lam, 0)
    gap = a.mean(0) - b.mean(0)
    return max(0.0, float(gap @ gap + np.trace(c1) + np.trace(c2) - 2 * np.sqrt(lam).sum()))
