# coverage of Naeem et al., in the place of recall
def precision_recall(f_real, f_fake, k=3):
    radius = torch.cdist(f_real, f_real).sort(1).values[:, k]
    inside = torch.cdist(f_fake, f_real) <= radius
    return inside.any(1).double().mean().item(), inside.any(0).double().mean().item()
