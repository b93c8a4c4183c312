def principal_components(x, k):
    x = x.reshape(len(x), -1)
    mean = x.mean(dim=0)
    U, S, Vh = torch.linalg.svd(x - mean, full_matrices=False)
    return mean, Vh[0:k, :]
