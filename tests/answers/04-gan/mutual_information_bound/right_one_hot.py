def mutual_information_bound(logits, code):
    B, K = logits.shape
    one_hot = torch.nn.functional.one_hot(code, K).to(logits.dtype)
    log_q = logits - logits.logsumexp(1, keepdim=True)
    return torch.einsum("bk,bk->", one_hot, log_q) / B - math.log(1 / K)
