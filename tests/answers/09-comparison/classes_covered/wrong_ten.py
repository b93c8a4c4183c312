# there are not always ten classes
def classes_covered(p, min_share=0.01):
    share = torch.stack([(p.argmax(1) == k).double().mean() for k in range(10)])
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())
