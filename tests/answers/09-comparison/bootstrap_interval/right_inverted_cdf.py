import numpy as np
def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    n = len(values)
    found = np.array([float(statistic(values[torch.randint(n, (n,), generator=generator)])) for _ in range(draws)])
    return tuple(np.quantile(found, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf"))
