def mutual_information_bound(logits, code):
    log_q = torch.log_softmax(logits, dim=1).gather(1, code[:, None])
    return log_q.mean() + math.log(logits.shape[-1])
