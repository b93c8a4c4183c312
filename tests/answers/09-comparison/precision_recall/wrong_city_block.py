# absolute differences in place of Euclidean distances
def precision_recall(f_real, f_fake, k=3):
    def share(points, centers):
        radius = torch.cdist(centers, centers, p=1).sort(1).values[:, k]
        return (torch.cdist(points, centers, p=1) <= radius).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)
