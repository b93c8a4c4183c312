# for each centre its nearest sample: the minimum over the wrong axis
def modes_covered(x, centers, sigma, min_share=0.01):
    distance = torch.cdist(x, centers)
    covered = distance.min(0).values <= 3 * sigma
    return int(covered.sum()), float((distance.min(1).values <= 3 * sigma).double().mean())
