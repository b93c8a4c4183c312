"""Two sides timed in turn: the median of the pairs' ratios, how sure it is, how far they spread."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from scipy.stats import binom


@dataclass
class Pairs:
    """Seconds of our side and of the other one; those of one place were measured side by side."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    def ratios(self) -> list[float]:
        """Ours over theirs: below 1, ours is faster."""
        return [a / b for a, b in zip(self.ours, self.theirs, strict=True)]

    def ratio(self) -> float:
        """The median."""
        return statistics.median(self.ratios())

    def interval(self) -> tuple[float, float]:
        """Holds the median of all such ratios 95 times in 100; of fewer than 6, least and largest.

        By order statistics: how many ratios lie below the true median is binomial, whatever their
        distribution is.
        """
        found = sorted(self.ratios())
        k = max(1, int(binom.ppf(0.025, len(found), 0.5)))
        return found[k - 1], found[-k]

    def middle_half(self) -> tuple[float, float]:
        """The quartiles: how far single ratios spread; of fewer than 4, least and largest."""
        found = sorted(self.ratios())
        if len(found) < 4:
            return found[0], found[-1]
        low, _, high = statistics.quantiles(found, n=4)
        return low, high

    def text(self, peer: str) -> str:
        """The medians in milliseconds, and the ratio."""
        a, b = (1e3 * statistics.median(side) for side in (self.ours, self.theirs))
        return f"ours {a:8.2f} ms   {peer} {b:8.2f} ms   ratio {self.ratio():.2f}"


def seconds() -> float:
    """On one thread a clock of processor time, which other work does not lengthen; else the wall's."""
    return time.process_time() if torch.get_num_threads() == 1 else time.perf_counter()


def take_turns(
    ours: Callable[[], object],
    theirs: Callable[[], object],
    repeats: int,
    warm: int = 1,
    clock: Callable[[], float] = seconds,
) -> Pairs:
    """Time both so often, each first in every other round; the first `warm` rounds do not count."""
    pairs = Pairs()
    sides = ((ours, pairs.ours), (theirs, pairs.theirs))
    for i in range(repeats + warm):
        for call, times in sides if i % 2 else sides[::-1]:
            start = clock()
            call()
            if i >= warm:
                times.append(clock() - start)
    return pairs
