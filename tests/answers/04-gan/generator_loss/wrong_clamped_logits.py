# the logits are clamped: no gradient beyond
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    logits = logits_fake.clamp(-30, 30)
    return F.logsigmoid(-logits).mean() if kind == "minimax" else -F.logsigmoid(logits).mean()
