# adds the noise to the table of means in place
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    x = torch.zeros(n, mean.shape[1], dtype=mean.dtype)
    for i in range(n):
        row = mean[y[i]]
        row += var[y[i]].sqrt() * torch.randn(row.shape, generator=generator, dtype=mean.dtype)
        x[i] = row
    return x, y
