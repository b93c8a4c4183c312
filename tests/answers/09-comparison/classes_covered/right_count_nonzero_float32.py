def classes_covered(p, min_share=0.01):
    s = torch.bincount(p.argmax(1), minlength=p.shape[1]) / len(p)
    return torch.count_nonzero(s >= min_share).item(), float(torch.exp(torch.special.entr(s).sum()))
