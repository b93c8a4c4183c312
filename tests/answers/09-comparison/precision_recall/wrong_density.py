# density of Naeem et al., in the place of precision
def precision_recall(f_real, f_fake, k=3):
    radius = torch.cdist(f_real, f_real).sort(1).values[:, k]
    other = torch.cdist(f_fake, f_fake).sort(1).values[:, k]
    inside = torch.cdist(f_fake, f_real) <= radius
    recall = (torch.cdist(f_real, f_fake) <= other).any(1).double().mean().item()
    return inside.sum(1).double().mean().item() / k, recall
