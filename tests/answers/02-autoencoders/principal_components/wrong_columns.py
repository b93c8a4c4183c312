# the directions as columns: (d, k)
def principal_components(x, k):
    x = x.flatten(1)
    mean = x.mean(0)
    return mean, torch.linalg.svd(x - mean, full_matrices=False).Vh[:k].T
