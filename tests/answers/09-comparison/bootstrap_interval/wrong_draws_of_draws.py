# each draw is drawn from the one before
def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    n = len(values)
    found, again = [], values
    for _ in range(draws):
        again = again[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high
