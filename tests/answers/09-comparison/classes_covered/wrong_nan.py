# 0 log 0 is no number
def classes_covered(p, min_share=0.01):
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())
