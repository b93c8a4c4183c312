# standard deviations of what was drawn in place of its quantiles
def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    z = torch.distributions.Normal(0.0, 1.0).icdf(torch.tensor((1 + level) / 2))
    low, high = found.mean() - z * found.std(), found.mean() + z * found.std()
    return low, high
