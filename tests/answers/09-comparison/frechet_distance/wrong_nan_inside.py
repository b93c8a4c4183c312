# a root of rounding errors below 0 is no number, and LAPACK chokes on it
# raises: _LinAlgError
def frechet_distance(f_real, f_fake):
    c1, c2 = torch.atleast_2d(torch.cov(f_real.T)), torch.atleast_2d(torch.cov(f_fake.T))
    values, vectors = torch.linalg.eigh(c1)
    half = vectors @ torch.diag(values.sqrt()) @ vectors.T
    cross = torch.linalg.eigvalsh(half @ c2 @ half).sqrt().sum()
    gap = (f_real.mean(0) - f_fake.mean(0)).square().sum()
    return (gap + c1.trace() + c2.trace() - 2 * cross).item()
