# the product of the roots is not the root of the product
def frechet_distance(f_real, f_fake):
    real, fake = f_real.double(), f_fake.double()

    def half(c):
        values, vectors = torch.linalg.eigh(torch.atleast_2d(c))
        return vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T

    c1, c2 = torch.cov(real.T), torch.cov(fake.T)
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    return (gap + torch.trace(torch.atleast_2d(c1 + c2)) - 2 * (half(c1) @ half(c2)).trace()).item()
