# eight modes, whatever the centres say
def modes_covered(x, centers, sigma, min_share=0.01):
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    counts = [int((good == m).sum()) for m in range(8)]
    return sum(c / len(x) >= min_share for c in counts), len(good) / len(x)
