# a mean over the K values too
def mutual_information_bound(logits, code):
    B, K = logits.shape
    one_hot = torch.nn.functional.one_hot(code, K).to(logits.dtype)
    return (one_hot * torch.log_softmax(logits, 1)).mean() + math.log(K)
