# the probability itself, no logarithm
def generator_loss(logits_fake, kind="non_saturating"):
    p = torch.sigmoid(logits_fake).mean()
    return 1 - p if kind == "minimax" else -p
