def bernoulli_log_prob(x, logits):
    log1p = torch.log1p(torch.exp(-logits.abs()))
    each = logits * x - torch.clamp(logits, min=0) - log1p
    return torch.einsum("bd->b", each.flatten(1))
