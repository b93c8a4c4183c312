# the left singular vectors, one entry for each row of the data
def principal_components(x, k):
    x = x.flatten(1)
    mean = x.mean(0)
    return mean, torch.linalg.svd(x - mean, full_matrices=False).U.T[:k]
