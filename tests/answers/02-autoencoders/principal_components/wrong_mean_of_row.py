# takes each row's own mean off, not each column's
def principal_components(x, k):
    x = x.flatten(1)
    return x.mean(0), torch.linalg.svd(x - x.mean(1, keepdim=True), full_matrices=False).Vh[:k]
