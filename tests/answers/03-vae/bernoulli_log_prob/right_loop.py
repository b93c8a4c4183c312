def bernoulli_log_prob(x, logits):
    rows = []
    for xi, li in zip(x, logits):
        zero = torch.zeros_like(li)
        tails = -torch.logaddexp(zero, li)
        heads = -torch.logaddexp(zero, -li)
        rows.append((xi * heads).sum() + ((1 - xi) * tails).sum())
    return torch.stack(rows)
