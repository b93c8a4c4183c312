# the root of each entry of both covariances
def frechet_distance(f_real, f_fake):
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    return (gap + c1.trace() + c2.trace() - 2 * (c1.abs().sqrt() @ c2.abs().sqrt()).trace()).item()
