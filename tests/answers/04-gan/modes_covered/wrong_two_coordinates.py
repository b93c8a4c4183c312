# only the first two coordinates count
def modes_covered(x, centers, sigma, min_share=0.01):
    dx, dy = (x[:, None, i] - centers[None, :, i] for i in (0, 1))
    distance, nearest = torch.sqrt(dx**2 + dy**2).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)
