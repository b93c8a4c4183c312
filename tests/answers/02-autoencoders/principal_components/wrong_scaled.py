# each direction is multiplied by its singular value
def principal_components(x, k):
    x = x.flatten(1)
    mean = x.mean(0)
    _, S, Vh = torch.linalg.svd(x - mean, full_matrices=False)
    return mean, S[:k, None] * Vh[:k]
