def principal_components(x, k):
    flat = x.flatten(1).double()
    mean = flat.mean(0)
    cov = torch.cov(flat.T)
    found = []
    for _ in range(k):
        v = cov.sum(1) + torch.linspace(0.1, 1, len(cov), dtype=torch.float64) * cov.norm()
        for _ in range(400):
            v = cov @ v
            v = v / v.norm()
        found.append(v)
        cov = cov - torch.outer(v, v) * (v @ cov @ v)
    return [mean.to(x.dtype), torch.stack(found).to(x.dtype)]
