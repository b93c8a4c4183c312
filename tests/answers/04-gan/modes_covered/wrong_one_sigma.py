# one sigma in place of three
def modes_covered(x, centers, sigma, min_share=0.01):
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)
