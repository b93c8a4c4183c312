def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    n = len(values)
    rows = torch.multinomial(torch.ones(n), draws * n, replacement=True, generator=generator)
    found = sorted(float(statistic(row)) for row in values[rows].view(draws, n))
    cut = (1 - level) / 2 * (draws - 1)
    return found[round(cut)], found[draws - 1 - round(cut)]
