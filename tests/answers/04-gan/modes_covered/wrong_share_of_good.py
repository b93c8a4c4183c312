# the share of a mode is taken of the high-quality samples, not of all
def modes_covered(x, centers, sigma, min_share=0.01):
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / max(len(good), 1)
    return int((share >= min_share).sum()), len(good) / len(x)
