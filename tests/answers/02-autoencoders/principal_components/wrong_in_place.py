# takes the mean off the caller's data in place
def principal_components(x, k):
    x = x.flatten(1)
    mean = x.mean(0)
    x -= mean
    return mean, torch.linalg.svd(x, full_matrices=False).Vh[:k]
