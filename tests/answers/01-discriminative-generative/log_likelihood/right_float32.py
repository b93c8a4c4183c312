def log_likelihood(theta, X, y):
    terms = []
    for z, label in zip((X @ theta).tolist(), y.tolist()):
        m = z if label == 1 else -z
        terms.append(min(m, 0) - math.log1p(math.exp(-abs(m))))
    return torch.tensor(terms).sum()
