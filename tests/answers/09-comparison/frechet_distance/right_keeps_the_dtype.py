def frechet_distance(f_real, f_fake):
    a, b = f_real - f_real.mean(0), f_fake - f_fake.mean(0)
    c1, c2 = a.T @ a / (len(a) - 1), b.T @ b / (len(b) - 1)
    values, vectors = torch.linalg.eigh(c1)
    half = vectors @ torch.diag(values.relu().sqrt()) @ vectors.T
    inner = half @ c2 @ half
    cross = torch.linalg.eigvalsh((inner + inner.T) / 2).relu().sqrt().sum()
    return torch.dist(f_real.mean(0), f_fake.mean(0)) ** 2 + torch.trace(c1 + c2) - 2 * cross
