# the share adds up the modes' samples: some count twice
def modes_covered(x, centers, sigma, min_share=0.01):
    near = torch.cdist(x, centers) <= 3 * sigma
    _, nearest = torch.cdist(x, centers).min(1)
    good = nearest[near.any(1)]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), float(near.sum() / len(x))
