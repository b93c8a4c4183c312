def precision_recall(f_real, f_fake, k=3):
    def ball(centers):
        radii = []
        for i in range(len(centers)):
            others = sorted(
                math.dist(centers[i].tolist(), centers[j].tolist())
                for j in range(len(centers))
                if j != i
            )
            radii.append(others[k - 1])
        return radii

    def share(points, centers):
        radii, inside = ball(centers.double()), 0
        for p in points.double().tolist():
            inside += any(
                math.dist(p, c) <= r for c, r in zip(centers.double().tolist(), radii, strict=True)
            )
        return inside / len(points)

    return share(f_fake, f_real), share(f_real, f_fake)
