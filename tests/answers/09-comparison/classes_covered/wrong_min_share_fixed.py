# min_share is not used
def classes_covered(p, min_share=0.01):
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= 0.01).sum())
    return covered, math.exp(-(seen * seen.log()).sum())
