# rare classes are left out of the effective number
def classes_covered(p, min_share=0.01):
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share >= max(min_share, 1e-9)]
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())
