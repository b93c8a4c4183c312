# the log of the mean probability
def mutual_information_bound(logits, code):
    q = torch.softmax(logits, 1)[torch.arange(len(code)), code]
    return q.mean().log() + math.log(logits.shape[1])
