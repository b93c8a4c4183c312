# numpy's global generator
import numpy as np


def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[np.random.randint(0, n, n)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high
