def classes_covered(p, min_share=0.01):
    s = torch.bincount(p.max(dim=1).indices, minlength=p.size(1)).double() / p.size(0)
    return sum(x >= min_share for x in s.tolist()), 1 / torch.prod(s**s).item()
