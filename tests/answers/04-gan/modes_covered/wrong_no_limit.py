# each sample counts for its nearest centre, however far
def modes_covered(x, centers, sigma, min_share=0.01):
    distance, nearest = torch.cdist(x, centers).min(1)
    share = torch.bincount(nearest, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), (distance <= 3 * sigma).double().mean().item()
