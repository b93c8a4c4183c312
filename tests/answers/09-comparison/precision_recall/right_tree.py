from scipy.spatial import cKDTree


def precision_recall(f_real, f_fake, k=3):
    def share(points, centers):
        radius = cKDTree(centers).query(centers, k + 1)[0][:, -1]
        hits = set()
        tree = cKDTree(points)
        for c, r in zip(centers, radius, strict=True):
            hits.update(tree.query_ball_point(c, r))
        return len(hits) / len(points)

    a, b = f_real.double().numpy(), f_fake.double().numpy()
    return [share(b, a), share(a, b)]
