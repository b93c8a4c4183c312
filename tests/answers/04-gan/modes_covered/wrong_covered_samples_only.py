# the share counts only the samples of covered modes
def modes_covered(x, centers, sigma, min_share=0.01):
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)).double() / len(x)
    return int((share >= min_share).sum()), float(share[share >= min_share].sum())
