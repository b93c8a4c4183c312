def generator_loss(logits_fake, kind="non_saturating"):
    zero = torch.zeros((), dtype=logits_fake.dtype)
    losses = []
    for logit in logits_fake:
        if kind == "minimax":
            losses.append(-torch.logaddexp(zero, logit))
        else:
            losses.append(torch.logaddexp(zero, -logit))
    return sum(losses) / len(losses)
