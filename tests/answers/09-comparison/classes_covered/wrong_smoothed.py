# one is added to each count against zeros
def classes_covered(p, min_share=0.01):
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = (share * len(p) + 1) / (len(p) + p.shape[1])
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())
