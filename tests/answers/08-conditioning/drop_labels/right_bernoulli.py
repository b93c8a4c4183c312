def drop_labels(y, p, null, generator=None):
    coin = torch.bernoulli(torch.full((len(y),), float(p)), generator=generator).bool()
    out = y.clone()
    for i in range(len(y)):
        if coin[i]:
            out[i] = torch.as_tensor(null)
    return out
