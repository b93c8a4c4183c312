# Cholesky's factor in the place of the symmetric root
def frechet_distance(f_real, f_fake):
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    half = torch.linalg.cholesky(c1 + 1e-9 * torch.eye(len(c1)))
    roots = torch.linalg.eigvals(half @ c2 @ half).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()
