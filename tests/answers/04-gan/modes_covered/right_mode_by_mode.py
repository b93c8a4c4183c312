def modes_covered(x, centers, sigma, min_share=0.01):
    distance = torch.stack([torch.linalg.vector_norm(x - c, dim=1) for c in centers])
    best = distance.min(0).values
    modes, good = 0, 0.0
    for m in range(len(centers)):
        mine = (distance[m] == best) & (best <= 3 * sigma)
        share = mine.double().mean().item()
        good += share
        modes += share >= min_share
    return modes, good
