def class_statistics(X, y, n_classes, shared_variance=False):
    mask = (y[:, None] == torch.arange(n_classes)[None, :]).float()
    counts = mask.sum(dim=0)
    prior = counts / counts.sum()
    mean = torch.einsum("nk,nd->kd", mask.to(X.dtype), X) / counts.view(-1, 1)
    diff2 = (X.unsqueeze(1) - mean.unsqueeze(0)) ** 2
    var = (mask.unsqueeze(2) * diff2).sum(dim=0) / counts.view(-1, 1)
    if shared_variance:
        var = torch.ones(n_classes, 1) * (mask.unsqueeze(2) * diff2).sum(dim=(0, 1)) / X.shape[0]
    return prior, mean, var
