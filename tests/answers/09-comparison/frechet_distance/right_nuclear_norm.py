def frechet_distance(f_real, f_fake):
    x, y = f_real - f_real.mean(0), f_fake - f_fake.mean(0)
    x, y = x / (len(x) - 1) ** 0.5, y / (len(y) - 1) ** 0.5
    gap = f_real.mean(0) - f_fake.mean(0)
    cross = torch.linalg.svdvals(x @ y.T).sum()
    return gap @ gap + (x**2).sum() + (y**2).sum() - 2 * cross
