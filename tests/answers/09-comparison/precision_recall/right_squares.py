def precision_recall(f_real, f_fake, k=3):
    def squares(a, b):
        return (a[:, None] - b).square().sum(2)

    def inside(points, centers):
        own = squares(centers, centers)
        own.fill_diagonal_(math.inf)
        gap = own.kthvalue(k).values - squares(points, centers)
        return (gap.amax(1) >= 0).sum() / len(points)

    return inside(f_fake, f_real), inside(f_real, f_fake)
