# the most typical sample of each class in place of the class of each sample
def classes_covered(p, min_share=0.01):
    share = torch.bincount(p.argmax(dim=0), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())
