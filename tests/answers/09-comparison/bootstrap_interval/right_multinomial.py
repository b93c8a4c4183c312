def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    found = []
    for _ in range(draws):
        i = torch.multinomial(torch.ones(len(values)), len(values), replacement=True, generator=generator)
        found.append(float(statistic(values[i])))
    found = torch.tensor(found, dtype=torch.float64)
    return (
        found.quantile((1 - level) / 2).item(),
        found.quantile((1 + level) / 2).item(),
    )
