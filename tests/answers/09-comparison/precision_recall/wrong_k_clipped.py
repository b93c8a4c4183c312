# k + 1 rows: the last neighbour is left out
def precision_recall(f_real, f_fake, k=3):
    def covered(points, centres):
        radius = torch.cdist(centres, centres).sort(1).values[:, min(k, len(centres) - 2)]
        return (torch.cdist(points, centres) <= radius).any(1).double().mean().item()

    return covered(f_fake, f_real), covered(f_real, f_fake)
