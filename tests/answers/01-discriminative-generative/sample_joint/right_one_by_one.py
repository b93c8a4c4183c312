def sample_joint(n, prior, mean, var, generator=None):
    sd = var.sqrt()
    edges = prior.cumsum(0).tolist()
    u = torch.rand(n, generator=generator).tolist()
    y = []
    for i in range(n):
        k = 0
        while k < len(edges) - 1 and u[i] > edges[k]:
            k += 1
        y.append(k)
    y = torch.tensor(y)
    cols = []
    for j in range(mean.shape[1]):
        cols.append(mean[y, j] + sd[y, j] * torch.randn(n, generator=generator))
    return torch.stack(cols, dim=1), y
