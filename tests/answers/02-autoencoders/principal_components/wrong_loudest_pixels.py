# the k pixels of largest variance, not directions
def principal_components(x, k):
    x = x.flatten(1)
    keep = x.var(0).argsort(descending=True)[:k]
    return x.mean(0), torch.eye(x.shape[1], dtype=x.dtype)[keep]
