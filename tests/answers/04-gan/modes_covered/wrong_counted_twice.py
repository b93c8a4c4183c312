# a sample between two close centres counts for both
def modes_covered(x, centers, sigma, min_share=0.01):
    near = torch.cdist(x, centers) <= 3 * sigma
    share = near.double().mean(0)
    return int((share >= min_share).sum()), float(near.any(1).double().mean())
