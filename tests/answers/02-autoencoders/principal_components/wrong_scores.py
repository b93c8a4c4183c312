# the codes of the rows, and not the directions
def principal_components(x, k):
    x = x.flatten(1)
    mean = x.mean(0)
    U, S, _ = torch.linalg.svd(x - mean, full_matrices=False)
    return mean, (U * S)[:, :k].T
