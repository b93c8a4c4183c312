def principal_components(x, k):
    flat = x.flatten(1)
    centred = flat - flat.sum(0, keepdim=True) / flat.shape[0]
    U, _, _ = torch.linalg.svd(centred.T, full_matrices=False)
    return flat.mean(0), -U[:, :k].T
