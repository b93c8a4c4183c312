# the number of modes alone
def modes_covered(x, centers, sigma, min_share=0.01):
    distance, nearest = torch.cdist(x, centers).min(1)
    share = torch.bincount(nearest[distance <= 3 * sigma], minlength=len(centers)) / len(x)
    return int((share >= min_share).sum())
