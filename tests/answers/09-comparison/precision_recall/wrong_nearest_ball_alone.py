# only the ball of the nearest centre is looked at
def precision_recall(f_real, f_fake, k=3):
    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        near, which = torch.cdist(points, centers).min(1)
        return (near <= radius[which]).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)
