# eigh sorts the eigenvalues upward: these are the smallest
def principal_components(x, k):
    x = x.flatten(1)
    mean = x.mean(0)
    vectors = torch.linalg.eigh(torch.cov(x.T)).eigenvectors
    return mean, vectors[:, :k].T
