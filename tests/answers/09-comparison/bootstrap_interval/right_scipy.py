from scipy import stats


def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    seed = int(torch.randint(2**31, (1,), generator=generator))
    found = stats.bootstrap(
        (values.numpy(),),
        lambda row: float(statistic(torch.as_tensor(row))),
        n_resamples=draws,
        confidence_level=level,
        method="percentile",
        vectorized=False,
        rng=seed,
    )
    return found.confidence_interval.low, found.confidence_interval.high
