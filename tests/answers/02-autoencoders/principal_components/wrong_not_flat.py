# takes the singular vectors of each picture's own matrix: images are not made flat
def principal_components(x, k):
    mean = x.mean(0)
    return mean, torch.linalg.svd(x - mean, full_matrices=False).Vh[:k]
