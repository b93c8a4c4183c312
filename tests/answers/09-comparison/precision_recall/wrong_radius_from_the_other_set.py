# the radius reaches to the k-th point of the other set
def precision_recall(f_real, f_fake, k=3):
    def share(points, centers):
        radius = torch.cdist(centers, points).sort(1).values[:, k - 1]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)
