# the least count is rounded down
def modes_covered(x, centers, sigma, min_share=0.01):
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    counts = torch.bincount(good, minlength=len(centers))
    return int((counts >= int(min_share * len(x))).sum()), len(good) / len(x)
