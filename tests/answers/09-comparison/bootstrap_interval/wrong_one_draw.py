# one draw for all
def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    n = len(values)
    again = values[torch.randint(n, (n,), generator=generator)]
    found = torch.tensor([float(statistic(again)) for _ in range(draws)], dtype=torch.float64)
    tail = (1 - level) / 2
    return found.quantile(tail).item(), found.quantile(1 - tail).item()
