# the means are taken off the features that came in
def frechet_distance(f_real, f_fake):
    gap = (f_real.mean(0) - f_fake.mean(0)).square().sum()
    f_real -= f_real.mean(0)
    f_fake -= f_fake.mean(0)
    c1, c2 = f_real.T @ f_real / (len(f_real) - 1), f_fake.T @ f_fake / (len(f_fake) - 1)
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()
