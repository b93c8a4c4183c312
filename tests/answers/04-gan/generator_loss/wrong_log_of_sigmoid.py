# the log of a probability that underflows
def generator_loss(logits_fake, kind="non_saturating"):
    p = torch.sigmoid(logits_fake)
    return (1 - p).log().mean() if kind == "minimax" else -p.log().mean()
