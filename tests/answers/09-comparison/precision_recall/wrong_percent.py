# percent
def precision_recall(f_real, f_fake, k=3):
    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item() * 100

    return share(f_fake, f_real), share(f_real, f_fake)
