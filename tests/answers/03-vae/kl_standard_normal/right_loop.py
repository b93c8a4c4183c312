def kl_standard_normal(mu, logvar):
    result = []
    for m, l in zip(mu, logvar):
        total = torch.zeros((), dtype=mu.dtype)
        for a, b in zip(m.flatten(), l.flatten()):
            sigma = torch.exp(b / 2)
            total = total + (a * a + sigma * sigma - 1) / 2 - torch.log(sigma)
        result.append(total)
    return torch.stack(result)
