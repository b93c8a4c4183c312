def precision_recall(f_real, f_fake, k=3):
    apart = torch.cdist(f_real, f_fake)  # (B, F)
    r = torch.cdist(f_real, f_real).topk(k + 1, largest=False).values.amax(1)
    s = torch.cdist(f_fake, f_fake).topk(k + 1, largest=False).values.amax(1)
    precision = (apart <= r[:, None]).sum(0).clamp(max=1).float().mean()
    recall = (apart <= s).sum(1).bool().float().mean()
    return precision, recall
