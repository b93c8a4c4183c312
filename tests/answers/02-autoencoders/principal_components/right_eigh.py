def principal_components(x, k):
    x = x.flatten(1)
    mean = x.mean(0)
    cov = (x - mean).T @ (x - mean) / len(x)
    values, vectors = torch.linalg.eigh(cov)  # smallest first
    return mean, vectors[:, -k:].flip(1).T
