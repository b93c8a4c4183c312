# a small number inside the logarithms
def generator_loss(logits_fake, kind="non_saturating"):
    p = torch.sigmoid(logits_fake)
    return (1 - p + 1e-8).log().mean() if kind == "minimax" else -(p + 1e-8).log().mean()
