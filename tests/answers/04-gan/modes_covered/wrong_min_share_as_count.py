# min_share is taken for a number of samples
def modes_covered(x, centers, sigma, min_share=0.01):
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    counts = torch.bincount(good, minlength=len(centers))
    return int((counts >= min_share).sum()), len(good) / len(x)
