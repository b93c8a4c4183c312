# absolute differences of the means
def frechet_distance(f_real, f_fake):
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).abs().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()
