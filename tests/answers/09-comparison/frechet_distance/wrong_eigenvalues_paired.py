# eigenvalues of both, sorted and paired: right only if the axes agree
def frechet_distance(f_real, f_fake):
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = (torch.linalg.eigvalsh(c1) * torch.linalg.eigvalsh(c2)).clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()
