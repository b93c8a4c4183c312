# only the variances of the columns, no covariances
def frechet_distance(f_real, f_fake):
    gap = (f_real.mean(0) - f_fake.mean(0)).square().sum()
    return (gap + (f_real.std(0) - f_fake.std(0)).square().sum()).item()
