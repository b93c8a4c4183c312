"""TITLE."""

import random

import numpy as np
import torch
from scipy import stats

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.evaluate import bootstrap_interval as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_inverted_cdf(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    n = len(values)
    found = np.array(
        [
            float(statistic(values[torch.randint(n, (n,), generator=generator)]))
            for _ in range(draws)
        ]
    )
    return tuple(np.quantile(found, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf"))


def right_loop(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def right_multinomial(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    found = []
    for _ in range(draws):
        i = torch.multinomial(
            torch.ones(len(values)), len(values), replacement=True, generator=generator
        )
        found.append(float(statistic(values[i])))
    found = torch.tensor(found, dtype=torch.float64)
    return (
        found.quantile((1 - level) / 2).item(),
        found.quantile((1 + level) / 2).item(),
    )


def right_numpy(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))
    array = values.numpy()
    found = [
        float(statistic(torch.from_numpy(rng.choice(array, size=len(array), replace=True))))
        for _ in range(draws)
    ]
    outside = 100 * (1 - level)
    return np.percentile(found, [outside / 2, 100 - outside / 2])


def right_random_choices_seeded(
    values, level=0.95, draws=2000, generator=None, statistic=torch.mean
):
    r = random.Random(torch.randint(2**31, (), generator=generator).item())
    n = len(values)
    found = sorted(float(statistic(values[r.choices(range(n), k=n)])) for _ in range(draws))

    def at(q):
        x = q * (draws - 1)
        i = min(int(x), draws - 1)
        j = min(i + 1, draws - 1)
        return found[i] + (x - i) * (found[j] - found[i])

    return at((1 - level) / 2), at(1 - (1 - level) / 2)


def right_scipy(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
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


def right_sorted(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    n = len(values)
    rows = torch.multinomial(torch.ones(n), draws * n, replacement=True, generator=generator)
    found = sorted(float(statistic(row)) for row in values[rows].view(draws, n))
    cut = (1 - level) / 2 * (draws - 1)
    return found[round(cut)], found[draws - 1 - round(cut)]


def right_table(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    picks = torch.randint(len(values), (draws, len(values)), generator=generator)
    rows = values[picks]
    found = rows.mean(1) if statistic is torch.mean else torch.stack([statistic(r) for r in rows])
    tail = 0.5 - level / 2
    return tuple(found.quantile(torch.tensor([tail, 1 - tail], dtype=found.dtype)).tolist())


def right_uniform_numbers(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    n = values.numel()
    found = torch.empty(draws, dtype=values.dtype)
    for i in range(draws):
        place = (torch.rand(n, generator=generator) * n).long().clamp(max=n - 1)
        found[i] = statistic(values.gather(0, place))
    found = found.sort().values
    edge = int(draws * (1 - level) / 2)
    return [found[edge].item(), found[-edge - 1].item()]


# Mistakes, and what a student is told.


def wrong_basic(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """the interval is turned round at the statistic of all values: return the quantiles
    themselves"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return 2 * statistic(values) - high, 2 * statistic(values) - low


def wrong_both_tails_whole(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """what is left out is shared by both ends: (1 - level) / 2 at each"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, 1 - level)
    high = torch.quantile(found, level)
    return low, high


def wrong_draws_fixed(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """draws is 160, but statistic was called 300 times"""
    n = len(values)
    found = []
    for _ in range(300):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_draws_of_draws(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """each draw is drawn from the one before"""
    n = len(values)
    found, again = [], values
    for _ in range(draws):
        again = again[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_first_never(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """the value at place 0 of 12 is never drawn: does randint stop too early?"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(1, n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_half_level(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """level is the share that lies within; here it is left out"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, level / 2)
    high = torch.quantile(found, 1 - level / 2)
    return low, high


def wrong_half_of_them(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """each draw has as many values as there are, shape (12,); got {(6,)}"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n // 2,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_half_width(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """this is the centre and the half width; the two bounds are wanted"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return (low + high) / 2, (high - low) / 2


def wrong_half_without_replacement(
    values, level=0.95, draws=2000, generator=None, statistic=torch.mean
):
    """each draw has as many values as there are, shape (12,); got {(6,)}"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randperm(n, generator=generator)[: n // 2]]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_in_place(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """bootstrap_interval has changed the values it was given"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        values[:] = again
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_jackknife(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """each draw has as many values as there are, shape (12,); got {(11,)}"""
    n = len(values)
    found = []
    for _ in range(n):
        again = torch.cat([values[:_], values[_ + 1 :]])
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_last_never(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """the value at place 11 of 12 is never drawn: does randint stop too early?"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(0, n - 1, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_level_fixed(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """level is an argument; this is the interval for 0.95"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, 0.025)
    high = torch.quantile(found, 0.975)
    return low, high


def wrong_lower_twice(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """of what statistic returned, the quantiles at 0.1 and 0.9 are 15.7533 and 26.7981; got
    15.7533 and 30.1452"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = 2 * found.mean() - low
    return low, high


def wrong_no_generator(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """the global random state has changed: draw from generator, and set no seed"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,))]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_no_return(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """nothing comes back"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)


def wrong_noise(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """statistic was shown numbers that are not among the values: new ones, or in another dtype"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        again = again + values.std() * torch.randn(n, generator=generator, dtype=values.dtype) / 2
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_none_raises(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """no generator given: asks None for its state"""
    state = generator.get_state()
    n = len(values)
    found = torch.stack(
        [statistic(values[torch.randint(n, (n,), generator=generator)]) for _ in range(draws)]
    )
    return found.quantile((1 - level) / 2).item(), found.quantile((1 + level) / 2).item()


def wrong_normal(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """statistic is an argument, and was never called"""
    error = values.std() / len(values) ** 0.5
    z = torch.distributions.Normal(0.0, 1.0).icdf(torch.tensor((1 + level) / 2))
    return (values.mean() - z * error).item(), (values.mean() + z * error).item()


def wrong_normal_of_draws(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """of what statistic returned, the quantiles at 0.1 and 0.9 are 15.7533 and 26.7981; got
    17.5711 and 28.3273"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    z = torch.distributions.Normal(0.0, 1.0).icdf(torch.tensor((1 + level) / 2))
    low, high = found.mean() - z * found.std(), found.mean() + z * found.std()
    return low, high


def wrong_numpys_own_chance(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """the same generator should give the same interval: draw from generator alone"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[np.random.randint(0, n, n)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_of_the_values(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """statistic is an argument, and was never called"""
    tail = (1 - level) / 2
    return torch.quantile(values, tail).item(), torch.quantile(values, 1 - tail).item()


def wrong_one_draw(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """all draws are the same: draw anew each time"""
    n = len(values)
    again = values[torch.randint(n, (n,), generator=generator)]
    found = torch.tensor([float(statistic(again)) for _ in range(draws)], dtype=torch.float64)
    tail = (1 - level) / 2
    return found.quantile(tail).item(), found.quantile(1 - tail).item()


def wrong_one_sided(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """something is left out at both ends, not only at the top"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, 0.0)
    high = torch.quantile(found, level)
    return low, high


def wrong_parametric(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """statistic was shown numbers that are not among the values: new ones, or in another dtype"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values.mean() + values.std() * torch.randn(
            n, generator=generator, dtype=values.dtype
        )
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_range(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """nothing is left out: these are the extremes"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low, high = found.min(), found.max()
    return low, high


def wrong_root_n(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """of what statistic returned, the quantiles at 0.1 and 0.9 are 15.7608 and 26.7935; got
    22.4943 and 25.6826"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    m = statistic(values)
    return m + (low - m) / n**0.5, m + (high - m) / n**0.5


def wrong_seed_inside(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """another generator gave the same interval: is a seed set inside?"""
    n = len(values)
    generator = torch.Generator().manual_seed(0)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_seeds_globally(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """the global random state has changed: draw from generator, and set no seed"""
    n = len(values)
    torch.manual_seed(0)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_shares_of_a_half(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """nothing is left out: these are the extremes"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 200)
    high = torch.quantile(found, 1 - (1 - level) / 200)
    return low, high


def wrong_single_values(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """each draw has as many values as there are, shape (12,); got {(1,)}"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (1,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_statistic_ignored(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """statistic is an argument, and was never called"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(again.mean().item())
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high


def wrong_turned(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """the upper bound comes first; the lower one is wanted first"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return high, low


def wrong_width(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """the width alone"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randint(n, (n,), generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return high - low


def wrong_without_replacement(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """each draw holds every value once: draw with replacement"""
    n = len(values)
    found = []
    for _ in range(draws):
        again = values[torch.randperm(n, generator=generator)]
        found.append(float(statistic(again)))
    found = torch.tensor(found, dtype=torch.float64)
    low = torch.quantile(found, (1 - level) / 2)
    high = torch.quantile(found, (1 + level) / 2)
    return low, high
