def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    n = values.numel()
    found = torch.empty(draws, dtype=values.dtype)
    for i in range(draws):
        place = (torch.rand(n, generator=generator) * n).long().clamp(max=n - 1)
        found[i] = statistic(values.gather(0, place))
    found = found.sort().values
    edge = int(draws * (1 - level) / 2)
    return [found[edge].item(), found[-edge - 1].item()]
