def reparameterize(mu, logvar, eps):
    rows = []
    for m, l, e in zip(mu, logvar, eps):
        entries = [a + math.e ** (b / 2) * c for a, b, c in zip(m.flatten(), l.flatten(), e.flatten())]
        rows.append(torch.stack(entries).reshape(m.shape))
    return torch.stack(rows)
