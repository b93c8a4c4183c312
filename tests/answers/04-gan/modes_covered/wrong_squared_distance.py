# the squared distance is compared with 3 sigma
def modes_covered(x, centers, sigma, min_share=0.01):
    squares, nearest = ((x[:, None] - centers) ** 2).sum(2).min(1)
    good = nearest[squares <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)
