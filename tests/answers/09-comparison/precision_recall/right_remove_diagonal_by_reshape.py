def precision_recall(f_real, f_fake, k=3):
    def covered(points, centres):
        n = len(centres)
        d = torch.cdist(centres.double(), centres.double(), compute_mode="donot_use_mm_for_euclid_dist")
        off = d[~torch.eye(n, dtype=torch.bool)].view(n, n - 1)
        radius = off.sort(1)[0][:, k - 1]
        m = torch.cdist(points.double(), centres.double(), compute_mode="donot_use_mm_for_euclid_dist")
        return torch.count_nonzero((m <= radius).sum(1)).item() / len(points)

    return covered(f_fake, f_real), covered(f_real, f_fake)
