# a square about each centre: within 3 sigma along each axis
def modes_covered(x, centers, sigma, min_share=0.01):
    distance, nearest = (x[:, None] - centers).abs().amax(2).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)
