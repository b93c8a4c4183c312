def modes_covered(x, centers, sigma, min_share=0.01):
    counts = [0] * len(centers)
    for point in x.tolist():
        lengths = [math.dist(point, c) for c in centers.tolist()]
        best = min(range(len(lengths)), key=lengths.__getitem__)
        if lengths[best] <= 3 * sigma:
            counts[best] += 1
    return sum(c / len(x) >= min_share for c in counts), sum(counts) / len(x)
