from scipy.spatial import KDTree


def modes_covered(x, centers, sigma, min_share=0.01):
    # beyond the limit the tree answers with the number of centres
    _, nearest = KDTree(centers.numpy()).query(x.numpy(), distance_upper_bound=3 * sigma)
    counts = [(nearest == m).sum() for m in range(len(centers))]
    covered = [c for c in counts if c / len(x) >= min_share]
    return len(covered), sum(counts) / len(x)
