def mutual_information_bound(logits, code):
    K = logits.shape[1]
    total = 0.0
    for row, c in zip(logits, code):
        total = total + row[c] - torch.logsumexp(row, 0)
    return total / len(code) + math.log(K)
