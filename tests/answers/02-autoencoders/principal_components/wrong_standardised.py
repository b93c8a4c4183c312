# each column is divided by its standard deviation: the correlation matrix
def principal_components(x, k):
    x = x.flatten(1)
    mean = x.mean(0)
    return mean, torch.linalg.svd((x - mean) / x.std(0).clamp(min=1e-6), full_matrices=False).Vh[:k]
