# the probability is clamped away from 0 and 1
def generator_loss(logits_fake, kind="non_saturating"):
    p = torch.sigmoid(logits_fake).clamp(1e-6, 1 - 1e-6)
    return (1 - p).log().mean() if kind == "minimax" else -p.log().mean()
