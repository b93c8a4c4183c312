# the components first, then the mean
def principal_components(x, k):
    x = x.flatten(1)
    mean = x.mean(0)
    return torch.linalg.svd(x - mean, full_matrices=False).Vh[:k], mean
