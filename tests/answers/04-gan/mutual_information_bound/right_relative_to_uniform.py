# the mean of log(Q / uniform)
def mutual_information_bound(logits, code):
    log_ratio = torch.log_softmax(logits, 1) + math.log(logits.shape[1])
    return log_ratio[torch.arange(len(code)), code].mean()
