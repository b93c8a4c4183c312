from collections import Counter


def classes_covered(p, min_share=0.01):
    best = [max(range(len(row)), key=row.__getitem__) for row in p.tolist()]
    counts, n = Counter(best), len(best)
    covered = sum(c / n >= min_share for c in counts.values())
    effective = 1.0
    for c in counts.values():
        effective *= (n / c) ** (c / n)
    return covered, effective
