# mean probabilities in place of counts of the most likely class
def classes_covered(p, min_share=0.01):
    share = p.mean(0)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())
