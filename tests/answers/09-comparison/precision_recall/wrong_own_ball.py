# a sample's own ball in place of the data's
def precision_recall(f_real, f_fake, k=3):
    def share(points, centers):
        radius = torch.cdist(points, points).sort(1).values[:, k]
        return (torch.cdist(points, centers).amin(1) <= radius).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)
