# a BCE criterion object, one row at a time
def bernoulli_log_prob(x, logits):
    criterion = torch.nn.BCEWithLogitsLoss(reduction="sum")
    return torch.stack([-criterion(logits[i], x[i]) for i in range(x.shape[0])])
