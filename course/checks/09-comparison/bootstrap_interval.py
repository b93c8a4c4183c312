"""9.5 An interval for any number."""

import math
import random

import numpy as np
import torch
from scipy import stats

from course.checks import draw, laws
from course.checks.cases import Law, Reading, holds
from course.checks.exercise import change
from dgm.evaluate import bootstrap_interval as definition


def cases(g):
    values = draw.uniform(g, 12).mul(3).exp()  # a long tail to the right
    seed = int(torch.randint(2**31, (1,), generator=g))
    words = "12 values, level=0.8, draws=160, a statistic"
    yield Law(words, lambda answer: watched(answer, values, seed, 0.8, 160))
    ends = draw.uniform(g, 12)
    ends[[0, -1]] += 5  # how often they are drawn shows in the mean
    yield means(ends, seed, None, 6000)
    yield Law("", lambda answer: laws.of_the_generator(lambda k: answer(values.clone(), 0.8, 100, k), "bounds"))  # fmt: skip
    yield Law("without a generator", lambda answer: on_its_own(answer, values))


def watched(answer, values, seed, level, draws):
    """The draws that a statistic is shown, and where the bounds lie among what it returned."""
    kept, results, given, n = [], [], values.clone(), len(values)

    def statistic(row):
        row = torch.as_tensor(row).detach().clone()
        kept.append(row)
        results.append(float(row.mean() + row.amax()))
        return torch.tensor(results[-1], dtype=torch.float64)

    bounds = answer(given, level, draws, laws.seeded(seed), statistic)
    yield holds(bounds is not None, "nothing came back: is a `return` missing?")
    both = two(bounds)
    yield holds(both, "two numbers are wanted, the lower bound and the upper one")
    yield holds(torch.equal(given, values), "values was changed, and belongs to the caller: work on a copy")  # fmt: skip
    yield holds(kept, "statistic is never called: it is an argument, and need not be the mean")
    if not (kept and both):
        return
    flat = torch.cat([row.flatten() for row in kept])
    yield Reading("the number of values in a draw", len(flat) / len(kept), n, 0.0)
    yield Reading("the number of calls of statistic", len(kept), draws, 2.0, "It is called once for each of the draws")  # fmt: skip
    known = flat.dtype == values.dtype and bool(torch.isin(flat, values).all())
    yield holds(known, "statistic is shown numbers that are not among the values: new ones, or in another dtype")  # fmt: skip
    rows = [row.flatten().tolist() for row in kept]
    yield Reading("the number of draws that differ", len(set(map(tuple, rows))), draws, max(2.0, draws / 20), "Draw anew each time")  # fmt: skip
    mean, spread = different(n)
    found = sum(len(set(row)) for row in rows) / len(rows)
    yield Reading("the number of different values in a draw, on average,", found, mean, laws.SIX * spread / math.sqrt(draws), "Draw with replacement, each time from all values")  # fmt: skip
    for k, value in enumerate(values):
        often = int((flat == value).sum()) / len(kept)
        slack = laws.SIX * math.sqrt((1 - 1 / n) / draws)
        yield Reading(f"how often the value at place {k} is in a draw, on average,", often, 1.0, slack)  # fmt: skip
    tail = (1 - level) / 2
    for name, value, wanted in zip(("lower", "upper"), both, (tail, 1 - tail), strict=True):
        yield Reading(f"the share of what statistic returned that lies below the {name} bound", place(value, results), wanted, 3.0 / draws)  # fmt: skip


def two(bounds):
    """Both bounds as numbers; nothing if they are not two."""
    try:
        low, high = (float(v) for v in bounds)
    except (TypeError, ValueError, RuntimeError):
        return ()
    return low, high


def different(n):
    """Mean and standard deviation of the number of different ones among n draws from n."""
    one, both = (1 - 1 / n) ** n, (1 - 2 / n) ** n
    return n * (1 - one), math.sqrt(n * (n - 1) * both + n * one - (n * one) ** 2)


def place(value, results):
    """Where it stands among the results: 0 for the least, 1 for the largest, also beyond."""
    results = torch.tensor(results, dtype=torch.float64).sort().values
    low, high = results[0].item(), results[-1].item()
    if high - low <= 1e-9 * abs(high):  # all alike
        return 0.5
    if not low <= value <= high:
        return (value - (low if value < low else high)) / (high - low) + float(value > high)
    spot = np.interp(value, results.numpy(), np.arange(len(results)))
    return float(spot) / (len(results) - 1)


def means(values, seed, level, draws):
    """A Law: of the means of very many draws, as many lie outside of the bounds as should."""
    options = {"draws": draws} if level is None else {"level": level, "draws": draws}
    picks = torch.randint(len(values), (100_000, len(values)), generator=laws.seeded(seed))
    found, tail = values.double()[picks].mean(1), (1 - (level or 0.95)) / 2
    slack = laws.SIX * math.sqrt(tail * (1 - tail) * (1 / draws + 1e-5)) + 3 / draws

    def measure(answer):
        both = two(answer(values.clone(), generator=laws.seeded(seed + 1), **options))
        yield holds(both, "two numbers are wanted, the lower bound and the upper one")
        for name, value, wanted in zip(("lower", "upper"), both, (tail, 1 - tail), strict=False):
            few, many = (found < value - 1e-6).double(), (found <= value + 1e-6).double()
            share = min(max(wanted, few.mean().item()), many.mean().item())
            yield Reading(f"the share of means that lie below the {name} bound", share, wanted, slack)  # fmt: skip

    said = ", ".join(f"{k}={v}" for k, v in options.items())
    return Law(f"{len(values)} values, {said}, the rest left out", measure)


def on_its_own(answer, values):
    before = torch.get_rng_state()
    first, second = (two(answer(values.clone(), 0.8, 100)) for _ in range(2))
    yield holds(not torch.equal(before, torch.get_rng_state()), "nothing comes from torch's own generator, the source where no other is given")  # fmt: skip
    yield holds(first != second, "a second call gave the same bounds: set no seed inside")


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

PICKS = "torch.randint(n, (draws, n), generator=generator, device=values.device)"
DRAWN, EACH = "values[row]", "torch.as_tensor(statistic(values[row])).double()"
TAIL, BOUNDS = "(1 - level) / 2", "torch.quantile(found, found.new_tensor([tail, 1 - tail]))"
RESULT = "return low.item(), high.item()"


def _picks(words, picks):
    return change(words, PICKS, picks)


def _drawn(words, row):
    return change(words, DRAWN, row)


def _bounds(words, low, high):
    return change(words, BOUNDS, f"(found.quantile(q) for q in ({low}, {high}))")


def _gives(words, result):
    return change(words, RESULT, f"return {result}")


NORMAL = "(z := torch.distributions.Normal(0.0, 1.0).icdf(torch.tensor((1 + level) / 2)))"
NEVER = "statistic is never called: it is an argument, and need not be the mean"
STRANGE = "statistic is shown numbers that are not among the values: new ones, or in another dtype"
wrong_basic = _gives(
    "the interval is turned round at the statistic of all values; the quantiles themselves are wanted",
    "(2 * statistic(values) - high).item(), (2 * statistic(values) - low).item()",
)
wrong_both_tails_whole = _bounds(
    "what is left out is shared by both ends: (1 - level) / 2 at each", "1 - level", "level"
)
wrong_one_sided = _bounds("something is left out at both ends, not only at the top", "0.0", "level")
wrong_one_sided_below = _bounds(
    "something is left out at both ends, not only at the bottom", "1 - level", "1.0"
)
wrong_half_level = _bounds(
    "level is the share that lies within; here it is left out", "level / 2", "1 - level / 2"
)
wrong_level_fixed = _bounds("level is an argument; this is the interval for 0.95", "0.025", "0.975")
wrong_level_default = change(
    "where level is left out it is 0.95", "level: float = 0.95", "level: float = 0.9"
)
NOTHING = "next to nothing is left out: at either end go (1 - level) / 2, a share from 0 to 1"
wrong_range = _bounds(NOTHING, "0.0", "1.0")
wrong_shares_of_a_half = _bounds(NOTHING, "(1 - level) / 200", "1 - (1 - level) / 200")
wrong_turned = _gives(
    "the upper bound comes first; the lower one is wanted first", "high.item(), low.item()"
)
wrong_half_width = _gives(
    "this is the centre and the half width; the two bounds are wanted",
    "((low + high) / 2).item(), ((high - low) / 2).item()",
)
wrong_lower_twice = _gives(
    "the upper bound is the lower one's mirror image; each end has a quantile of its own",
    "low.item(), (2 * found.mean() - low).item()",
)
wrong_normal_of_draws = _gives(
    "these bounds are those of a Gaussian; the quantiles of what statistic returned are wanted",
    f"(found.mean() - {NORMAL} * found.std()).item(), (found.mean() + z * found.std()).item()",
)
wrong_root_n = _gives(
    "nothing is divided by the root of n: what statistic returned varies as it should",
    "*((m := statistic(values)) + (b - m) / n**0.5 for b in (low, high)),",
)
wrong_width = _gives("two numbers are wanted, the lower bound and the upper one", "(high - low).item()")  # fmt: skip
wrong_no_return = _gives("nothing came back: is a `return` missing?", "None")
wrong_rounded = _gives(
    "the bounds are rounded: return them as they are", "round(low.item()), round(high.item())"
)
wrong_draws_fixed = change(
    "draws is an argument; this draws 300 times", "n = len(values)", "n, draws = len(values), 300"
)
wrong_draws_halved = change(
    "statistic is called once for each of the draws; here for half of them",
    "n = len(values)",
    "n, draws = len(values), draws // 2",
)
wrong_draws_of_draws = change(
    "each draw is made from the one before; it is made from all values",
    EACH,
    "torch.as_tensor(statistic(values := values[row])).double()",
)
wrong_half_of_them = _picks(
    "each draw has as many values as there are; here it has half as many",
    "torch.randint(n, (draws, n // 2), generator=generator)",
)
wrong_half_without_replacement = _drawn(
    "this draws half of the values without replacement; n are drawn, with replacement",
    "values[torch.randperm(n, generator=generator)[: n // 2]]",
)
wrong_single_values = _picks(
    "each draw has as many values as there are; here it has one",
    "torch.randint(n, (draws, 1), generator=generator)",
)
wrong_jackknife = _picks(
    "each value is left out once; n values are drawn with replacement, `draws` times",
    "[[j for j in range(n) if j != i] for i in range(n)]",
)
wrong_unique = _drawn(
    "a value that is drawn twice counts twice; here it counts once", "values[row.unique()]"
)
wrong_first_never = _picks(
    "the first value is never drawn: places run from 0",
    "torch.randint(1, n, (draws, n), generator=generator)",
)
wrong_last_never = _picks(
    "the last value is never drawn: randint ends before its second number",
    "torch.randint(0, n - 1, (draws, n), generator=generator)",
)
wrong_rounded_places = _picks(
    "the first and the last value are drawn half as often as the others: do not round places",
    "(torch.rand(draws, n, generator=generator) * (n - 1)).round().long()",
)
wrong_shifted = _drawn(
    "each draw holds every value once: draw with replacement", "values.roll(int(row[0]))"
)
wrong_without_replacement = _drawn(
    "each draw holds every value once: draw with replacement",
    "values[torch.randperm(n, generator=generator)]",
)
wrong_one_draw = _picks(
    "all draws are the same: draw anew each time",
    "torch.randint(n, (n,), generator=generator).expand(draws, n)",
)
wrong_each_draw_twice = _picks(
    "each draw comes twice: draw anew each time",
    "torch.randint(n, (draws, n), generator=generator)[: (draws + 1) // 2].repeat(2, 1)[:draws]",
)
wrong_in_place = change(
    "values was changed, and belongs to the caller: work on a copy",
    EACH,
    "torch.as_tensor(statistic(values.copy_(values[row]))).double()",
)
wrong_sorted_in_place = change(
    "values was changed, and belongs to the caller: work on a copy",
    "n = len(values)",
    "n = len(values); values.copy_(values.sort().values)",
)
wrong_noise = _drawn(
    STRANGE,
    "values[row] + values.std() * torch.randn(n, generator=generator, dtype=values.dtype) / 2",
)
wrong_parametric = _drawn(
    STRANGE,
    "values.mean() + values.std() * torch.randn(n, generator=generator, dtype=values.dtype)",
)
wrong_float32 = _drawn(STRANGE, "values[row].float()")
wrong_statistic_ignored = change(NEVER, EACH, "values[row].double().mean()")
wrong_of_the_values = change(
    NEVER, f"torch.stack([{EACH} for row in picks])", "values.double()", PICKS, "None"
)
wrong_median_default = change(
    "where statistic is left out it is the mean", "= torch.mean,", "= torch.median,"
)
wrong_no_generator = _picks(
    "the draws come from torch's global generator: pass generator=generator to what draws",
    "torch.randint(n, (draws, n))",
)
wrong_seed_inside = _picks(
    "the bounds are the same for each generator: set no seed inside, and draw from it",
    "torch.randint(n, (draws, n), generator=torch.Generator().manual_seed(0))",
)
wrong_seeds_globally = change(
    "torch's global generator is seeded, and belongs to all: set no seed, draw from generator",
    "n = len(values)",
    "n = len(values); torch.manual_seed(0)",
)
wrong_seed_without_generator = change(
    "a second call without a generator gave the same bounds: set no seed, torch's own will do",
    "n = len(values)",
    "n = len(values); generator = generator or torch.Generator().manual_seed(0)",
)
wrong_none_raises = change(
    "generator may be None, and then it has no state: torch's functions take it as it is",
    "n = len(values)",
    "n = len(values); generator.get_state()",
)


def wrong_normal(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """statistic is never called: it is an argument, and need not be the mean"""
    error = values.std() / len(values) ** 0.5
    z = torch.distributions.Normal(0.0, 1.0).icdf(torch.tensor((1 + level) / 2))
    return (values.mean() - z * error).item(), (values.mean() + z * error).item()


def wrong_numpys_own_chance(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    """the draws come from NumPy's own generator: draw from the one that is given"""
    found = []
    for _ in range(draws):
        again = values[np.random.randint(0, len(values), len(values))]
        found.append(float(statistic(again)))
    return tuple(np.quantile(found, [(1 - level) / 2, (1 + level) / 2]))
