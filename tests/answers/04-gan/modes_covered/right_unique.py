from collections import Counter


def modes_covered(x, centers, sigma, min_share=0.01):
    distance, nearest = (x.unsqueeze(1) - centers).pow(2).sum(2).sqrt().min(dim=1)
    counts = Counter(nearest[distance <= 3 * sigma].tolist())
    modes = len([m for m, n in counts.items() if n / len(x) >= min_share])
    return modes, sum(counts.values()) / len(x)
