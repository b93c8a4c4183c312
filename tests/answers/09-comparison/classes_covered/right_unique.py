def classes_covered(p, min_share=0.01):
    kinds, counts = p.argmax(1).unique(return_counts=True)
    share = counts / len(p)
    return (share >= min_share).sum(), (-(share * share.log()).sum()).exp()
