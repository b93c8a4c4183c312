# the root of the mean square along the axes, not of the sum
def modes_covered(x, centers, sigma, min_share=0.01):
    distance, nearest = ((x[:, None] - centers) ** 2).mean(2).sqrt().min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)
