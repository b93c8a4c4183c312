import numpy as np


def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))
    array = values.numpy()
    found = [
        float(statistic(torch.from_numpy(rng.choice(array, size=len(array), replace=True))))
        for _ in range(draws)
    ]
    outside = 100 * (1 - level)
    return np.percentile(found, [outside / 2, 100 - outside / 2])
