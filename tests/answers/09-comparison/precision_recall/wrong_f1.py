# their harmonic mean in the place of recall
def precision_recall(f_real, f_fake, k=3):
    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    p, r = share(f_fake, f_real), share(f_real, f_fake)
    return p, 2 * p * r / (p + r) if p + r else 0.0
