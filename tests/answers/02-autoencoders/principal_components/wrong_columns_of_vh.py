# the first k columns of Vh, which are not the singular vectors
def principal_components(x, k):
    x = x.flatten(1)
    mean = x.mean(0)
    return mean, torch.linalg.svd(x - mean, full_matrices=True).Vh[:, :k].T
