# counts each distinct row once, in the balls
def precision_recall(f_real, f_fake, k=3):
    def covered(points, centres):
        centres = centres.unique(dim=0)
        radius = torch.cdist(centres, centres).sort(dim=1).values[:, min(k, len(centres) - 1)]
        return (torch.cdist(points, centres) <= radius).any(dim=1).float().mean().item()

    return covered(f_fake, f_real), covered(f_real, f_fake)
