def frechet_distance(f_real, f_fake):
    def moments(f):
        n, d = f.shape
        f = f.tolist()
        mu = [sum(row[j] for row in f) / n for j in range(d)]
        c = torch.zeros(d, d, dtype=torch.float64)
        for a in range(d):
            for b in range(d):
                c[a, b] = sum(
                    (row[a] - mu[a]) * (row[b] - mu[b]) for row in f
                ) / (n - 1)
        return mu, c

    def root(c):
        u, s, v = torch.linalg.svd(c)
        return (u * s.sqrt()) @ u.T

    mu1, c1 = moments(f_real)
    mu2, c2 = moments(f_fake)
    r = root(c2)
    middle = torch.linalg.eigvalsh(r @ c1 @ r)
    cross = sum(math.sqrt(max(0.0, v)) for v in middle.tolist())
    total = sum((a - b) ** 2 for a, b in zip(mu1, mu2, strict=True))
    return total + sum((c1[i, i] + c2[i, i]).item() for i in range(len(mu1))) - 2 * cross
