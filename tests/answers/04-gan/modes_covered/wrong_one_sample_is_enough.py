# one sample near a centre covers its mode
def modes_covered(x, centers, sigma, min_share=0.01):
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    return len(good.unique()), len(good) / len(x)
