# the quantiles of the values, not of their means
def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    tail = (1 - level) / 2
    return torch.quantile(values, tail).item(), torch.quantile(values, 1 - tail).item()
