def modes_covered(x, centers, sigma, min_share=0.01):
    distance = torch.cdist(x, centers, compute_mode="donot_use_mm_for_euclid_dist")
    nearest = distance.argmin(1)
    good = distance.amin(1) <= 3 * sigma
    counts = torch.bincount(nearest[good], minlength=len(centers))
    return (counts >= min_share * len(x)).sum().item(), good.double().mean().item()
