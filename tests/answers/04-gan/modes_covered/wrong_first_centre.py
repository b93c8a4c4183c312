# the first centre in reach, not the nearest
def modes_covered(x, centers, sigma, min_share=0.01):
    near = torch.cdist(x, centers) <= 3 * sigma
    good = near.int().argmax(1)[near.any(1)]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)
