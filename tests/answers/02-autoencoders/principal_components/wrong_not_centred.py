# the mean is not taken off before the decomposition
def principal_components(x, k):
    x = x.flatten(1)
    return x.mean(0), torch.linalg.svd(x, full_matrices=False).Vh[:k]
